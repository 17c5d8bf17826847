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
