// What of the article editor happens in the browser alone: its fields' values, and leading to the one that is wrong.
"use strict";
const rapportKnowledge = (() => {
  const fields = () => [...document.querySelectorAll("[data-field]")];
  const problem = () => document.querySelector(".editor-problem");

  return {
    /** Fill the fields; they are the browser's from then on, so that nothing typed is ever overwritten. */
    fill(values) {
      for (const field of fields()) field.value = values[field.dataset.field] ?? "";
    },
    /** Give the fields' values. */
    take() {
      for (const field of fields()) field.removeAttribute("aria-invalid");
      if (problem()) problem().textContent = "";
      return Object.fromEntries(fields().map((field) => [field.dataset.field, field.value]));
    },
    /** Say what is wrong with a field, and go there. */
    complain(name, why) {
      const field = fields().find((each) => each.dataset.field === name);
      problem().textContent = why;
      field?.setAttribute("aria-invalid", "true");
      field?.focus();
    },
  };
})();
