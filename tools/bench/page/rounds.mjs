// Turns: each round begins with another entry, so no place in it favours anyone.

export function rotated(entries, round) {
  const first = round % entries.length;
  return [...entries.slice(first), ...entries.slice(0, first)];
}
