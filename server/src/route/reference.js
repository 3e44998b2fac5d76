// Shows the operations whose text has every word that was typed, and opens what an address points at.
const box = document.querySelector("#search");
const told = document.querySelector("#told");
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
const entries = [...document.querySelectorAll("details.operation")].map((entry) => ({ entry, text: fold(entry.textContent) }));

function search() {
  const words = fold(box.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { entry, text } of entries) {
    entry.hidden = !words.every((word) => text.includes(word));
    found += entry.hidden ? 0 : 1;
  }
  for (const section of document.querySelectorAll("section.resource")) {
    section.hidden = !section.querySelector("details:not([hidden])");
  }
  told.textContent = words.length ? `${found} of ${entries.length} operations` : "";
}

function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) {
    target.hidden = false;
    target.open = true;
    target.scrollIntoView();
  }
}

box.closest("form").addEventListener("submit", (event) => event.preventDefault());
box.addEventListener("input", search);
addEventListener("hashchange", open);
search();
open();
