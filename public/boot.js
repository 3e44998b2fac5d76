// Starts the page, then lets the service worker keep it for offline use.
import init from "./app.js";

// What only later screens are drawn with comes beside the page's wasm, not before the first picture.
const later = document.createElement("link");
later.rel = "stylesheet";
later.href = new URL("./later.css", import.meta.url).href;
document.head.append(later);

try {
  await init();
  if ("serviceWorker" in navigator) keepOffline().catch(() => {});
} catch (error) {
  console.error(error);
  const status = document.getElementById("boot-status");
  if (status) {
    status.setAttribute("role", "alert");
    status.textContent = "Không mở được trang. Trình duyệt có thể quá cũ hoặc mạng bị ngắt giữa chừng. Vui lòng tải lại; bản nháp trên thiết bị này vẫn an toàn.";
  }
}

// A new release waits until the person asks for it: the page is told (`site-update`) and answers (`site-update-now`).
async function keepOffline() {
  const workers = navigator.serviceWorker;
  const registration = await workers.register("/sw.js");
  let asked = false;
  const tell = () => {
    document.documentElement.dataset.update = "ready";
    window.dispatchEvent(new Event("site-update"));
  };
  const watch = (worker) => {
    const look = () => {
      if (worker.state === "installed" && workers.controller) tell();
    };
    worker.addEventListener("statechange", look);
    look();
  };
  if (registration.waiting) watch(registration.waiting);
  if (registration.installing) watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));
  let before = workers.controller;
  workers.addEventListener("controllerchange", () => {
    if (asked) location.reload();
    // Asked for in another window: this one may go on and load it anew when its person likes.
    else if (before) tell();
    before = workers.controller;
  });
  window.addEventListener("site-update-now", () => {
    asked = true;
    if (registration.waiting) registration.waiting.postMessage("take-over");
    else location.reload();
  });
  setInterval(() => registration.update().catch(() => {}), 3_600_000);
  const { active } = await workers.ready;
  active.postMessage("keep-catalogue");
}
