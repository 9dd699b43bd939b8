const focusable =
  'a[href], button, input, select, textarea, [tabindex]:not([tabindex="-1"]), [contenteditable]';

/** Where the focus last was in each pane, so that F6 comes back to it. */
const lastIn = new WeakMap<HTMLElement, HTMLElement>();

/**
 * Moves the focus to the next (previous) pane in view: parts marked `data-pane`, in document order. A pane gets the
 * focus where it was before, else on its first control.
 */
export function movePane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter(
    (pane) => pane.offsetParent !== null || getComputedStyle(pane).position === "fixed",
  );
  const active = document.activeElement;
  const at = panes.findLastIndex((pane) => pane.contains(active));
  const here = panes[at];
  if (here && active instanceof HTMLElement) lastIn.set(here, active);
  const next = panes[(Math.max(at, step === 1 ? -1 : 0) + step + panes.length) % panes.length];
  if (!next) return;
  const last = lastIn.get(next);
  const target = last && next.contains(last) ? last : next.querySelector<HTMLElement>(focusable);
  (target ?? next).focus();
}
