// Files in the log. They are fetched with the visitor's token, and drawn without an address: no page's policy has to allow it.
import { h, icon } from "./dom.js";

export const FILE_TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"];

/** A picture to look at, or a file to load; drawn() is called when a picture has got its size. */
export function fileLine(file, talk, words, drawn) {
  const load = () => save(file, talk).catch(() => line.replaceChildren(words.fileGone));
  const line = h("button", { type: "button", class: "file", "aria-label": words.file(file.name), onclick: load }, icon("file"),
    h("span", {}, file.name), h("small", {}, size(file.size)));
  if (!file.type.startsWith("image/")) return line;
  const place = h("div", {}, line);
  draw(file, talk)
    .then((canvas) => place.replaceChildren(h("button", { type: "button", class: "open-file", "aria-label": words.file(file.name), onclick: load }, canvas)))
    .then(drawn, () => {}); // the line stays
  return place;
}

async function draw(file, talk) {
  const picture = await createImageBitmap(await talk.file(file.id));
  const scale = Math.min(1, 520 / picture.width, 520 / picture.height);
  const canvas = h("canvas", { class: "picture-file", role: "img", "aria-label": file.name });
  canvas.width = Math.max(1, picture.width * scale);
  canvas.height = Math.max(1, picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
}

async function save(file, talk) {
  const address = URL.createObjectURL(await talk.file(file.id));
  h("a", { href: address, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function size(bytes) {
  return bytes < 100_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
