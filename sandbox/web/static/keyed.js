/*
 * Redrawing without disturbing. `keep` brings the children of a node in line with a list of items: a child whose signature
 * has not changed stays the very same node, so that focus, caret and what is being typed survive every update from the
 * server. A child that did change is drawn anew, and the focus returns to the control with the same `data-focus` key.
 *
 * An item is `{key, signature, draw, renew}`. `renew(node)`, if there is one, is called for a fresh node as for a kept one,
 * and brings in line what the signature does not tell.
 */

const drawn = new WeakMap();

export function keep(parent, items) {
  const before = drawn.get(parent) ?? new Map();
  const after = new Map();
  const held = holdFocus(parent);
  for (const item of items) {
    const known = before.get(item.key);
    const same = known?.signature === item.signature;
    const node = same ? known.node : item.draw();
    if (known && !same) known.node.replaceWith(node);
    after.set(item.key, { signature: item.signature, node });
    item.renew?.(node);
  }
  for (const [key, { node }] of before) if (!after.has(key)) node.remove();
  let spot = parent.firstChild;
  for (const { node } of after.values()) {
    if (node === spot) spot = spot.nextSibling;
    else parent.insertBefore(node, spot);
  }
  drawn.set(parent, after);
  held?.();
}

function holdFocus(parent) {
  const active = document.activeElement;
  if (!active || active === parent || !parent.contains(active)) return null;
  const key = active.dataset.focus;
  const range = "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  return () => {
    if (document.activeElement === active || !key) return;
    const heir = parent.querySelector(`[data-focus="${CSS.escape(key)}"]`);
    if (!heir) return;
    heir.focus({ preventScroll: true });
    if (range && range[0] !== null && heir.setSelectionRange) heir.setSelectionRange(...range);
  };
}
