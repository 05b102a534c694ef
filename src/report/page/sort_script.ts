// The page's only script: makes the tables' heads into buttons that sort. It reads what is shown, so
// that the page needs no second copy of its data, and without it nothing is missing but the sorting.

export const SORT_SCRIPT = `
"use strict";
for (const table of document.querySelectorAll("table.data")) {
  const body = table.tBodies[0];
  table.querySelectorAll("thead th").forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const wasDown = head.getAttribute("aria-sort") === "descending";
      const isNumber = head.classList.contains("n");
      const down = head.hasAttribute("aria-sort") ? !wasDown : isNumber;
      for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => {
        const text = row.cells[column].textContent.trim();
        return isNumber ? parseFloat(text.replace(/,/g, "")) || 0 : text;
      };
      const compare = (a, b) => isNumber ? a - b : a.localeCompare(b, "en", { numeric: true });
      const rows = [...body.rows].map((row) => [key(row), row]);
      rows.sort((a, b) => down ? compare(b[0], a[0]) : compare(a[0], b[0]));
      body.append(...rows.map((pair) => pair[1]));
    });
  });
}
`;
