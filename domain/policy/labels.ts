/** A label's value whatever the case of its name, or null. Docker itself tells `A` from `a`; people don't. */
export function labelOf(
  { labels }: { labels: Readonly<Record<string, string>> },
  name: string,
): string | null {
  return labelsOf({ labels }, name)[0] ?? null;
}

/** The same where it stands several times, in different case. */
export function labelsOf({ labels }: { labels: Readonly<Record<string, string>> }, name: string): string[] {
  return Object.entries(labels).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));
}
