// ruleid: js-cors-message-origin
window.addEventListener("message", (event) => {
  panel.innerHTML = DOMPurify.sanitize(event.data);
});
// ruleid: js-cors-message-origin
window.onmessage = function (event) {
  localStorage.setItem("state", event.data);
};
// ruleid: js-cors-message-origin
parent.postMessage({ sessionToken }, "*");
// ok: js-cors-message-origin
parent.postMessage({ height: 10 }, "*");
// ok: js-cors-message-origin
worker.postMessage({ token }, "*");
// ok: js-cors-message-origin
window.addEventListener("resize", (event) => draw(event));
