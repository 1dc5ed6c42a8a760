// What <palate-feed> shows: the list and its style.
import type { Recommendation } from './palate.js';

export interface FeedLook {
  href: string | null;
  reason: string | null;
  /** Called when a pick's link is followed. */
  follow: (pick: Recommendation) => void;
}

// The page's policy allows no style in the markup; a sheet made by a script is not markup.
const css = `
:host { display: block }
:host([hidden]) { display: none }
ol {
  display: grid;
  grid-template-columns: repeat(var(--palate-columns, 1), minmax(0, 1fr));
  gap: var(--palate-gap, 0.5em);
  margin: 0;
  padding: 0;
  list-style: none;
}
[part=title], [part=reason] { display: block }
[part=reason] { color: var(--palate-reason-color, inherit); font-size: 0.85em }
`;

let sheet: CSSStyleSheet | undefined;

/** One sheet for all lists of the page. */
export function styleSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}

export function listElement(picks: readonly Recommendation[], look: FeedLook): HTMLElement {
  const list = make('ol', 'list');
  // Without its numbers Safari takes it for no list.
  list.setAttribute('role', 'list');
  list.append(...picks.map((pick) => itemElement(pick, look)));
  return list;
}

function itemElement(pick: Recommendation, { href, reason, follow }: FeedLook): HTMLElement {
  const item = make('li', 'item');
  const body = href === null ? item : item.appendChild(make('a', 'link'));
  if (href !== null) {
    body.setAttribute('href', href.replaceAll('{item}', encodeURIComponent(pick.item)));
    body.addEventListener('click', () => follow(pick));
  }
  body.append(make('span', 'title', pick.title || pick.item));
  const because = pick.reasons[0];
  if (reason !== null && because !== undefined) {
    body.append(
      make('span', 'reason', reason.replaceAll('{title}', because.title || because.item)),
    );
  }
  return item;
}

function make(tag: string, part: string, text = ''): HTMLElement {
  const element = document.createElement(tag);
  element.setAttribute('part', part);
  element.textContent = text;
  return element;
}
