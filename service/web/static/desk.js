// Small comforts. Every page works without this file.
"use strict";

// A changed select or box filters at once; words and dates are still being typed: they wait.
for (const form of document.querySelectorAll("form[data-autosubmit]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, [type=checkbox]") && form.reportValidity()) form.requestSubmit();
  });
  // Empty fields would only lengthen the address.
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// All matters of a page are ticked at once, and how many are is told.
for (const form of document.querySelectorAll("form.bulk")) {
  const all = form.querySelector("[data-tick-all]");
  const told = form.querySelector("[data-ticked]");
  const plain = told.textContent;
  const ticks = [...form.querySelectorAll(".cell-tick [type=checkbox]")];
  const show = () => {
    const count = ticks.filter((tick) => tick.checked).length;
    told.textContent = count ? `已勾选 ${count} 件：` : plain;
    all.firstElementChild.checked = count === ticks.length;
    all.firstElementChild.indeterminate = count > 0 && count < ticks.length;
  };
  all.hidden = false;
  all.addEventListener("change", (event) => {
    for (const tick of ticks) tick.checked = event.target.checked;
  });
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
}

// A form that changes something is sent once, however often its button is pressed.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
// Coming back to a page, its forms may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
    for (const field of form.elements) field.disabled = false;
  }
});

for (const area of document.querySelectorAll("textarea[data-counter]")) {
  const counter = document.createElement("span");
  counter.className = "counter soft";
  const show = () => { counter.textContent = `${[...area.value].length} 字`; };
  area.after(counter);
  area.addEventListener("input", show);
  show();
}

// What is already open on the thing being written is looked up in the pauses of typing. Nothing is
// held up by it: a look-up that fails leaves the form as it was.
for (const form of document.querySelectorAll("form[data-already-open]")) {
  const found = form.querySelector("[data-found]");
  const shell = form.querySelector("[data-found-template]");
  const button = form.querySelector("[data-again]");
  const plainLabel = button?.textContent;
  let asked = "", shown = "[]", pause, request;

  const item = (matter) => {
    const title = document.createElement(matter.id ? "a" : "strong");
    title.className = "citizen";
    title.textContent = matter.title;
    if (matter.id) Object.assign(title, { href: `/matters/${matter.id}`, target: "_blank", rel: "noopener" });
    const facts = document.createElement("span");
    facts.className = "soft small";
    const told = [matter.number, matter.place, matter.stage, `${matter.since} 起`, `反映人数：${matter.people}`];
    facts.textContent = told.filter(Boolean).join(" · ");
    const line = document.createElement("li");
    line.append(title, facts);
    return line;
  };
  const show = (matters) => {
    if (JSON.stringify(matters) === shown) return;
    shown = JSON.stringify(matters);
    found.replaceChildren();
    if (matters.length) {
      found.append(shell.content.cloneNode(true));
      found.querySelector("ul").append(...matters.map(item));
    }
    if (button) button.textContent = matters.length ? button.dataset.again : plainLabel;
  };
  const ask = async () => {
    const [title, text] = ["title", "text"].map((name) => [...form.elements[name].value].slice(0, 4000).join(""));
    const draft = JSON.stringify({ title, text });
    request?.abort(); // what it would answer is out of date
    if (draft === asked) return;
    if (`${title}${text}`.replace(/\s/g, "").length < 10) { // the server would not look either
      asked = draft;
      show([]);
      return;
    }
    request = new AbortController();
    try {
      const answer = await fetch(form.dataset.alreadyOpen, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: draft,
        signal: request.signal,
      });
      if (!answer.ok) return;
      const { matters } = await answer.json();
      asked = draft;
      show(matters);
    } catch { /* aborted, or no connection */ }
  };
  form.addEventListener("input", (event) => {
    if (!["title", "text"].includes(event.target.name)) return;
    clearTimeout(pause);
    pause = setTimeout(ask, 1000);
  });
}

// The digest is shown at its full height instead of in a second scroll bar.
for (const frame of document.querySelectorAll("iframe[data-fit]")) {
  const fit = () => {
    const inner = frame.contentDocument;
    if (inner && inner.documentElement) frame.style.height = `${inner.documentElement.scrollHeight + 2}px`;
  };
  frame.addEventListener("load", () => {
    fit();
    if (frame.contentDocument) new ResizeObserver(fit).observe(frame.contentDocument.body);
  });
}
