// Starts the page, then lets the service worker keep it for offline use.
import init from "./app.js";

try {
  await init();
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
} catch (error) {
  console.error(error);
  const status = document.getElementById("boot-status");
  if (status) {
    status.setAttribute("role", "alert");
    status.textContent = "Không mở được trang. Trình duyệt có thể quá cũ hoặc mạng bị ngắt giữa chừng. Vui lòng tải lại; bản nháp trên thiết bị này vẫn an toàn.";
  }
}
