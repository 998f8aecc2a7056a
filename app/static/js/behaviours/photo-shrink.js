/* A camera photo of 9 MB costs a seller a day's data: make it small before it leaves the phone, and show it.
   On <input type=file> inside .photo-field. Whatever cannot be read here (HEIC, old WebView) is sent as it is.
   A button [data-pick="id of the input"] takes the place of the browser's own, which stands in [data-native]. */
export function attach(element) {
  const most = 1280;
  const box = element.closest(".photo-field");
  const frame = box.querySelector("[data-preview]");
  const say = box.querySelector("[data-say]");
  const size = (bytes) => bytes < 1e6 ? Math.round(bytes / 1e3) + " KB" : (bytes / 1e6).toFixed(1).replace(".", ",") + " MB";

  const pick = box.querySelector(`[data-pick="${element.id}"]`);
  if (pick) {
    pick.hidden = false;
    pick.addEventListener("click", () => element.click());
    element.closest("[data-native]").classList.add("visually-hidden");
    element.tabIndex = -1;
  }

  const draw = async (file) => {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, most / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  };
  const isDark = (canvas) => {
    const tiny = document.createElement("canvas");
    tiny.width = tiny.height = 8;
    const pen = tiny.getContext("2d");
    pen.drawImage(canvas, 0, 0, 8, 8);
    const dots = pen.getImageData(0, 0, 8, 8).data;
    let sum = 0;
    for (let i = 0; i < dots.length; i += 4) sum += dots[i] * 0.3 + dots[i + 1] * 0.6 + dots[i + 2] * 0.1;
    return sum / 64 < 60;
  };
  const shrink = async (file) => {
    const canvas = await draw(file);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    const smaller = blob && blob.size < file.size;
    const name = file.name.replace(/\.\w+$/, "") + ".jpg";
    return { canvas, file: smaller ? new File([blob], name, { type: "image/jpeg" }) : file };
  };

  let busy = null;
  // Whoever sends before it is small waits for it: the photo as it came takes minutes on a thin signal.
  const form = element.form;
  if (form.requestSubmit) form.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    busy.then(() => form.requestSubmit(event.submitter));
  }, true);
  element.addEventListener("change", () => {
    const mine = busy = change().finally(() => { if (busy === mine) busy = null; });
  });

  const change = async () => {
    const before = [...element.files];
    if (!before.length) return;
    if (!before.every((file) => /^image\/(jpeg|png|webp)$/.test(file.type))) {
      say.textContent = before.map((file) => file.name).join(", ");
      frame.hidden = true;
      return;
    }
    box.setAttribute("aria-busy", "true");
    say.textContent = element.dataset.busy;
    try {
      const made = [];
      for (const file of before) made.push(await shrink(file));
      const hand = new DataTransfer();
      for (const one of made) hand.items.add(one.file);
      element.files = hand.files;
      const sum = (files) => size(files.reduce((total, file) => total + file.size, 0));
      say.textContent = element.dataset.said.replace("$1", sum(before)).replace("$2", sum(made.map((one) => one.file)));
      if (made.some((one) => isDark(one.canvas))) say.textContent += " " + element.dataset.dark;
      frame.replaceChildren(...made.map((one) => one.canvas));
      frame.hidden = false;
      // The picture pushes down what has the focus, under the bar or out of the window.
      if (document.activeElement !== document.body) document.activeElement.scrollIntoView({ block: "nearest" });
    } catch (_) {
      say.textContent = "";
    }
    box.removeAttribute("aria-busy");
  };
}
