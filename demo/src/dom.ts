// Makes elements: the only helper that the page needs in place of a framework.

type Setting = string | number | boolean | ((event: Event) => void);

/** An element with attributes, listeners (`onclick: …`) and children. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  settings: Record<string, Setting> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (typeof value === 'boolean') element.toggleAttribute(name, value);
    else element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** The element of index.html with this id. */
export function find<Type extends HTMLElement = HTMLElement>(id: string): Type {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return element as Type;
}
