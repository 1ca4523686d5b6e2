import { removed } from './mark.ts';

/** Secrets known by their form, wherever they stand. */
export function redactTokens(text: string): string {
  const byForm = forms.reduce((current, form) => current.replace(form, removed), text);
  return byForm.replace(scheme, (whole, start: string, value: string) =>
    looksRandom(value) ? `${start}${removed}` : whole,
  );
}

const forms: readonly RegExp[] = [
  // Telegram bot tokens, also in `/bot<token>/method`
  /(?<![A-Za-z0-9]{2})(?<!\d)\d{6,}:[A-Za-z0-9_-]{30,}/g,
  /(?<=\/bot)\d{6,}:[A-Za-z0-9_-]{20,}/g,
  // JSON Web Tokens
  /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]{0,})?/g,
  // Cloud and service keys with a prefix of their own
  /(?<![A-Za-z0-9])(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}/g,
  /(?<![A-Za-z0-9])(?:gh[opusr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,})/g,
  /(?<![A-Za-z0-9])(?:xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,})/g,
  /(?<=hooks\.slack\.com\/(?:services|workflows)\/)[A-Za-z0-9_/-]{10,}/g,
  /(?<![A-Za-z0-9])(?:[srp]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,})/g,
  /(?<![A-Za-z0-9-])sk-[A-Za-z0-9_-]{20,}/g,
  /(?<![A-Za-z0-9])(?:npm_[A-Za-z0-9]{30,}|dckr_pat_[A-Za-z0-9_-]{20,}|hv[sb]\.[A-Za-z0-9_-]{20,})/g,
];

const scheme = /(\b(?:bearer|basic|token|apikey) {1,3})([A-Za-z0-9._~+/=-]{8,4000})/gi;

/** Prose follows these words too (`Basic authentication`): a credential has capitals inside, digits or signs. */
function looksRandom(value: string): boolean {
  return /\d|=$|[a-z][A-Z]|[A-Z]{2}[a-z]|[+/~_]/.test(value);
}
