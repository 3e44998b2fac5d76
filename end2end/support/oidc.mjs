// A real OpenID Connect provider (npm oidc-provider) in the place of VNeID, with invented people, for journeys and server tests.
// It says "ready" on standard output. Settings come by environment:
//   OIDC_PORT    where it listens on 127.0.0.1
//   PORTAL_URL   the portal's public address, where people come back to
//   PORTAL_BACK  the portal's address for messages between servers [default: PORTAL_URL]
//   OIDC_CODE    the portal's code for it [default: vneid]
//   OIDC_SECRET  the client's secret; without one the portal is a public client
import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const port = Number(process.env.OIDC_PORT ?? 8999);
const portal = process.env.PORTAL_URL ?? "http://localhost:8080";
const back = process.env.PORTAL_BACK ?? portal;
const code = process.env.OIDC_CODE ?? "vneid";
const secret = process.env.OIDC_SECRET;
const issuer = `http://localhost:${port}`;

// As VNeID names what it tells; all of them invented.
const people = {
  "gia.dinh": {
    LoaiTaiKhoan: 1,
    SoDinhDanh: "062199000044",
    HoVaTen: "Đỗ Thị Giả Định",
    NgayThangNamSinh: "19990131",
    GioiTinh: "Nữ",
    SoDienThoai: "0900000044",
    ThuongTru: "Thôn Một, Xã Ví Dụ, Tỉnh Kon Tum",
    loAs: "LoA2",
  },
  mau: { LoaiTaiKhoan: 1, SoDinhDanh: "062099000011", HoVaTen: "Nguyễn Văn Mẫu", loAs: "LoA2" },
  "khong.so": { LoaiTaiKhoan: 2, HoVaTen: "Công ty Ví Dụ", loAs: "LoA2" },
};
const told = ["LoaiTaiKhoan", "SoDinhDanh", "HoVaTen", "NgayThangNamSinh", "GioiTinh", "SoDienThoai", "ThuongTru", "loAs"];
const subject = (name) => createHash("sha256").update(`invented ${name}`).digest("hex");
const bySubject = Object.fromEntries(Object.keys(people).map((name) => [subject(name), name]));

const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const provider = new Provider(issuer, {
  jwks: { keys: [{ ...key, kid: "test-1", use: "sig", alg: "RS256" }] },
  clients: [
    {
      client_id: "portal",
      ...(secret ? { client_secret: secret, token_endpoint_auth_method: "client_secret_basic" } : { token_endpoint_auth_method: "none" }),
      redirect_uris: [`${portal}/api/oidc/${code}/callback`],
      post_logout_redirect_uris: [`${portal}/`],
      response_types: ["code"],
      grant_types: ["authorization_code"],
      backchannel_logout_uri: `${back}/api/oidc/${code}/logout`,
      backchannel_logout_session_required: true,
    },
  ],
  claims: { openid: ["sub"], profile: told },
  cookies: { keys: ["only for tests"] },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      // Both questions answer themselves: what is tested is the portal.
      logoutSource: (ctx, form) => {
        ctx.body = page(`${form}<button autofocus type="submit" form="op.logoutForm" value="yes" name="logout">Đăng xuất khỏi định danh</button>`);
      },
      postLogoutSuccessSource: (ctx) => {
        ctx.body = page("<h1>Đã đăng xuất khỏi định danh</h1>");
      },
    },
  },
  // Without the provider's own guard against private addresses: the portal is on this machine.
  fetch: (url, { dispatcher: _, ...options }) => globalThis.fetch(url, options),
  pkce: { required: () => true },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => {
    const person = people[bySubject[id]];
    return person && { accountId: id, claims: () => ({ sub: id, ...person }) };
  },
  ttl: { Interaction: 600, Session: 3600, Grant: 3600, IdToken: 300, AccessToken: 300 },
});
// Plain HTTP on this machine.
provider.on("server_error", (_, error) => console.error(error));
provider.on("backchannel.error", (_, error) => console.error("backchannel.error", error.message));
provider.on("backchannel.success", () => console.log("backchannel.success"));

function page(inside) {
  return `<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Định danh thử nghiệm</title><main>${inside}</main></html>`;
}

// One small page for both questions: who is it, and may the portal know?
async function interaction(request, response) {
  const { uid, prompt } = await provider.interactionDetails(request, response);
  if (request.method === "GET") {
    const buttons = Object.entries(people).map(([name, person]) => `<p><button name="person" value="${name}">${person.HoVaTen}</button></p>`);
    const question = prompt.name === "login" ? `<h1>Định danh thử nghiệm</h1>${buttons.join("")}` : `<h1>Chia sẻ thông tin</h1><p><button name="agree" value="yes">Đồng ý</button></p>`;
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(page(`<form method="post" action="/interaction/${uid}">${question}<p><button name="cancel" value="yes">Từ chối</button></p></form>`));
    return;
  }
  let body = "";
  for await (const chunk of request) body += chunk;
  const form = new URLSearchParams(body);
  if (form.get("cancel")) {
    await provider.interactionFinished(request, response, { error: "access_denied", error_description: "cancelled" });
  } else if (prompt.name === "login") {
    await provider.interactionFinished(request, response, { login: { accountId: subject(form.get("person")) } });
  } else {
    const details = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: details.session.accountId, clientId: details.params.client_id });
    grant.addOIDCScope("openid profile");
    await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  }
}

const answer = provider.callback();
createServer((request, response) => {
  if (!request.url?.startsWith("/interaction/")) return answer(request, response);
  interaction(request, response).catch((error) => {
    console.error(error);
    response.statusCode = 500;
    response.end();
  });
}).listen(port, "127.0.0.1", () => console.log("ready"));
