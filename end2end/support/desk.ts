import { randomUUID } from "node:crypto";
import { type APIRequestContext, expect } from "@playwright/test";

type Manifest = { id: string; component: string; signings: string[]; signed_as: string | null };
type Submitted = { id: string; code: string };

/** What a signed-in citizen handed in, by its code. */
export async function submitted(request: APIRequestContext, code: string): Promise<Submitted> {
  const list = (await (await request.get("/api/dossiers")).json()) as Submitted[];
  const found = list.find((one) => one.code === code);
  expect(found, `${code} is among one's dossiers`).toBeDefined();
  return found!;
}

/**
 * Hands in what a signed-in citizen handed in before once more for each of these applicants, by the API: one signing serves for all of
 * them, as with a file of the personal store.
 */
export async function handInAgain(request: APIRequestContext, code: string, names: string[]): Promise<Submitted[]> {
  const first = await submitted(request, code);
  const dossier = await (await request.get(`/api/dossiers/${first.id}`)).json();
  const files = await Promise.all(
    dossier.attachments.map(async (manifest: Manifest) => ({
      manifest,
      bytes: await (await request.get(`/api/dossiers/${first.id}/attachments/${manifest.id}`)).body(),
    })),
  );
  const again: Submitted[] = [];
  for (const name of names) {
    const id = randomUUID();
    const attachments = files.map(({ manifest }) => ({ ...manifest, id: randomUUID(), signed_as: manifest.signings.length > 0 ? manifest.id : null }));
    const form = { ...dossier.form, applicant: { ...dossier.form.applicant, name } };
    const data = { procedure: dossier.definition.code, form, payment: "none", declared: true, attachments };
    const announced = await request.put(`/api/dossiers/${id}`, { data });
    expect(announced.ok(), await announced.text()).toBe(true);
    for (const [position, { bytes }] of files.entries()) {
      const sent = await request.put(`/api/dossiers/${id}/attachments/${attachments[position]!.id}`, { data: bytes, headers: { "content-type": "application/octet-stream" } });
      expect(sent.ok(), await sent.text()).toBe(true);
    }
    const receipt = await request.post(`/api/dossiers/${id}/submission`);
    expect(receipt.ok(), await receipt.text()).toBe(true);
    again.push({ id, code: (await receipt.json()).code });
  }
  return again;
}
