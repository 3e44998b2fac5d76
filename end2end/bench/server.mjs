// Serves the built site, the other engines and the files, from one origin.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

const kinds = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

const head = (extension) => ({
  "Content-Type": kinds[extension] ?? "application/octet-stream",
  "Cache-Control": "public, max-age=3600",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
});

/**
 * Starts a server.
 * @param {Record<string, string>} folders the folder behind each first part of a path; `""` for all others
 */
export async function serve(folders) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    const [, first] = path.split("/");
    const named = first in folders;
    const folder = folders[named ? first : ""];
    const file = join(folder, normalize(named ? path.slice(first.length + 1) : path));
    const found = file.startsWith(folder + sep) && (await stat(file).catch(() => undefined));
    if (!found || !found.isFile()) {
      // Screens of the portal are all the one page; there is no server behind it.
      if (!named && first !== "api" && !extname(path)) createReadStream(join(folder, "index.html")).pipe(response.writeHead(200, head(".html")));
      else response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { ...head(extname(file)), "Content-Length": found.size });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
