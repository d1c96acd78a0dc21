// Tabs by the ARIA pattern: one is in the order of the tab key, arrows move between them.

/** Makes a tablist work; `shown` is told the name of a tab that comes up. Gives a way to bring one up. */
export function tabs(list, shown) {
  const all = [...list.querySelectorAll("[role=tab]")];
  const show = (tab) => {
    for (const other of all) {
      const isIt = other === tab;
      other.setAttribute("aria-selected", String(isIt));
      other.tabIndex = isIt ? 0 : -1;
      const panel = document.getElementById(other.getAttribute("aria-controls"));
      panel.hidden = !isIt;
    }
    shown(tab.dataset.name);
  };
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) show(tab);
  });
  list.addEventListener("keydown", (event) => {
    const at = all.indexOf(document.activeElement);
    const steps = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    if (at < 0 || !(event.key in steps)) return;
    event.preventDefault();
    const tab = all[(steps[event.key] + all.length) % all.length];
    tab.focus();
    show(tab);
  });
  return (name) => {
    const tab = all.find((one) => one.dataset.name === name) || all[0];
    show(tab);
    return tab;
  };
}
