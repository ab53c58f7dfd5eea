"use strict";
// A page has one form. What it sends, and where to, is written in its attributes; the token is in the page's address.
const form = document.querySelector("form");
const said = document.querySelector("output");
const token = new URLSearchParams(location.search).get("token");

function sentence(problem) {
  const faults = (problem.errors ?? []).map((fault) => {
    const label = form.elements[fault.field]?.dataset.name ?? fault.field;
    return `${label} ${fault.message}.`.trim();
  });
  return faults.length > 0 ? faults.join("\n") : problem.detail ?? "That did not work. Try again later.";
}

async function ask(path, request) {
  const answer = await fetch(path, { credentials: "omit", redirect: "error", cache: "no-store", ...request });
  const text = await answer.text();
  const body = text === "" ? {} : JSON.parse(text);
  if (!answer.ok) throw new Error(sentence(body));
  return body;
}

async function attempt(work) {
  const button = form.querySelector("button");
  button.disabled = true;
  said.textContent = "";
  try {
    await work();
  } catch (error) {
    const away = error instanceof TypeError || error instanceof SyntaxError;
    said.textContent = away ? "The platform cannot be reached. Try again later." : error.message;
  }
  button.disabled = false;
}

async function show() {
  const found = await ask(`${form.dataset.shows}?${new URLSearchParams({ token })}`);
  for (const place of document.querySelectorAll("[data-member]")) place.textContent = found[place.dataset.member];
  for (const part of document.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").includes(found.requires);
    part.disabled = part.hidden;
  }
}

async function send() {
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  const body = JSON.stringify({ token, ...Object.fromEntries(given) });
  await ask(form.dataset.sends, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  form.hidden = true;
  said.textContent = form.dataset.done;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(send);
});

if (token === null) {
  form.hidden = true;
  said.textContent = "This address is not complete. Open the link of the mail again.";
} else {
  if (form.dataset.shows) attempt(show);
}
