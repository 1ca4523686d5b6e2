/** The shape of a bot token wherever it turns up, `bot` prefix and percent-encoded colon included. */
const TOKEN_SHAPE = /\b(bot|user)?\d{5,}(?::|%3A)[A-Za-z0-9_-]{20,}/gi;

/**
 * Makes texts safe to keep: telegraf and its HTTP client put the request's address, token included, into their
 * errors. Removes this very token in any of its spellings, and whatever else has a token's shape.
 */
export const tokenScrubber = (token: string): ((text: string) => string) => {
  const spellings = [token, encodeURIComponent(token)].filter((spelling) => spelling !== '');
  return (text) => {
    const known = spellings.reduce((rest, spelling) => rest.replaceAll(spelling, '[token]'), text);
    return known.replace(TOKEN_SHAPE, '[token]');
  };
};
