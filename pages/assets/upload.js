// Sends the files of the upload box straight to disk on the server, with progress and a way to stop.
//
// The box is Streamlit's own; this script takes the chosen or dropped files before the box reads them into
// memory. When all are stored it clicks the page's hidden button. Without this script the box still works.

const BOX = '[class*="st-key-export_"]';
const SHOW_AFTER = 400; // ms; a file that is done by then needs no bar
const files = [];
let running = false;

const panel = () => document.querySelector(".hitrate-upload");
const settings = () => JSON.parse(panel().dataset.settings);

function element(tag, className, parent) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  parent.append(made);
  return made;
}

function row(item) {
  const made = document.createElement("div");
  made.className = "file";
  made.dataset.file = item.file.name;
  element("span", "name", made).textContent = item.file.name;
  item.share = element("span", "share", made);
  item.bar = element("progress", "", made);
  item.bar.max = 1;
  item.bar.setAttribute("aria-label", item.file.name);
  item.button = element("button", "", made);
  item.button.type = "button";
  item.button.addEventListener("click", () => (item.state === "sending" || item.state === "waiting"
    ? cancel(item) : dismiss(item)));
  item.said = element("span", "said", made);
  item.said.setAttribute("role", "status");
  item.said.style.gridColumn = "1";
  item.said.style.gridRow = "2";
  item.bar.style.gridRow = "3";
  item.bar.style.gridColumn = "1 / -1";
  item.button.style.gridRow = "2";
  return made;
}

function paint(item) {
  const here = panel();
  if (!here || (item.quiet && (item.state === "sending" || item.state === "waiting"))) return;
  const { words, language } = settings();
  item.row ??= row(item);
  if (!here.contains(item.row)) here.append(item.row);
  const open = item.state === "sending" || item.state === "waiting";
  const part = item.file.size ? item.sent / item.file.size : 1;
  item.bar.hidden = !open;
  item.bar.value = part;
  item.share.textContent = open ? new Intl.NumberFormat(language, { style: "percent" }).format(part) : "";
  const label = open ? words.cancel : words.dismiss;
  const name = `${label}: ${item.file.name}`;
  if (item.button.textContent !== label) item.button.textContent = label;
  item.button.setAttribute("aria-label", name);
  item.button.hidden = item.state === "kept" || item.state === "again";
  const said = words[item.state] ?? words.failed;
  if (item.said.textContent !== said) item.said.textContent = said;
}

function dismiss(item) {
  item.row?.remove();
  files.splice(files.indexOf(item), 1);
  offer();
}

function cancel(item) {
  const sending = item.state === "sending";
  item.state = "cancelled";
  if (sending) item.request.abort();
  paint(item);
}

function send(item) {
  return new Promise((resolve) => {
    if (item.state !== "waiting") return resolve();
    if (item.file.size > item.limit) {
      item.state = "large";
      return resolve();
    }
    const request = (item.request = new XMLHttpRequest());
    item.state = "sending";
    request.open("POST", item.url);
    request.setRequestHeader("X-Hitrate-Ticket", item.ticket);
    request.setRequestHeader("X-Hitrate-Name", encodeURIComponent(item.file.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      item.sent = event.loaded;
      paint(item);
    });
    request.addEventListener("loadend", () => {
      if (item.state === "sending") {
        try {
          item.state = JSON.parse(request.responseText).code;
        } catch {
          item.state = "failed";
        }
      }
      resolve();
    });
    request.send(item.file);
    paint(item);
  });
}

const arrived = () => files.some((item) => item.state === "kept" || item.state === "again");
const troubled = () => files.some((item) => !["kept", "again", "cancelled"].includes(item.state));

// Files arrived but others did not: the reader sees why first, and then goes on by hand.
function offer() {
  let go = panel()?.querySelector(":scope > button");
  if (!running && arrived() && troubled()) {
    go ??= element("button", "", panel());
    go.type = "button";
    go.textContent = settings().words.go;
    go.onclick = goOn;
    panel().append(go);
  } else {
    go?.remove();
    if (!running && arrived()) goOn();
  }
}

function goOn() {
  const button = document.querySelector(".st-key-arrived button");
  if (!button) { // the reader is on another page just now; files wait for the way back
    setTimeout(goOn, 500);
    return;
  }
  for (const item of files.splice(0)) item.row?.remove();
  panel()?.querySelector(":scope > button")?.remove();
  button.click();
}

async function work() {
  if (running) return;
  running = true;
  window.addEventListener("beforeunload", guard);
  for (let next; (next = files.find((item) => item.state === "waiting")); ) {
    await send(next);
    paint(next);
  }
  window.removeEventListener("beforeunload", guard);
  running = false;
  offer();
}

function guard(event) {
  event.preventDefault();
}

function take(list) {
  const { url, ticket, limit } = settings();
  for (const old of files.filter((item) => !["waiting", "sending", "kept", "again"].includes(item.state))) {
    dismiss(old);
  }
  for (const file of list) {
    const item = { file, url, ticket, limit, state: "waiting", sent: 0, quiet: true };
    files.push(item);
    setTimeout(() => {
      item.quiet = false;
      if (files.includes(item)) paint(item);
    }, SHOW_AFTER);
  }
  work();
}

function mine(event) {
  return panel() && event.target instanceof Element && event.target.closest(BOX);
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!mine(event) || input.type !== "file" || !input.files.length) return;
  event.stopImmediatePropagation();
  const chosen = [...input.files];
  input.value = "";
  take(chosen);
}, true);

document.addEventListener("drop", (event) => {
  if (!mine(event) || !event.dataTransfer?.files.length) return;
  const dropped = [...event.dataTransfer.files];
  event.preventDefault();
  event.stopImmediatePropagation();
  // The box marks itself while something hovers over it; tell it that this is over.
  event.target.dispatchEvent(new DragEvent("dragleave", { bubbles: true, dataTransfer: event.dataTransfer }));
  take(dropped);
}, true);

document.documentElement.dataset.upload = "ready";
