import type { Rule } from './scan.ts';

/** Secrets in addresses: `scheme://user:password@host`, a token in front of the host, hooks that are secrets as a whole. */

const address = /(?:(?!:\/\/)[^\s"<>`\\])*/y;
const port = /^\d{1,5}(?:[/?]|$)/;
const host = /^[A-Za-z0-9_[/({$%]/;

export const url: Rule = (scan, _from, to) => {
  const text = scan.match(address, to)?.[0] ?? '';
  const at = text.lastIndexOf('@');
  const sign = /[:/?#@]/.exec(text)?.index ?? -1;
  if (at > 0 && sign !== -1 && host.test(text.slice(at + 1))) {
    if (text[sign] === ':' && sign < at && (sign === 0 || !port.test(text.slice(sign + 1, sign + 8))))
      return scan.hide(to + sign + 1, to + at);
    // A user name that long is none.
    if (text[sign] === '@' && sign >= 20 && /^[A-Za-z0-9_.~%+-]+$/.test(text.slice(0, sign)))
      return scan.hide(to, to + sign);
  }
  const hook = hooks.exec(text.slice(0, 300));
  if (hook === null) return 0;
  const secret = to + hook[0].length;
  const rest = /^[^\s"'?&#)\]}>,]+/.exec(text.slice(hook[0].length))?.[0] ?? '';
  return rest.length >= 8 ? scan.hide(secret, secret + rest.length) : 0;
};

/** Who knows one of these may post there. */
const hooks =
  /^(?:hooks\.slack\.com\/(?:services|workflows|triggers)\/|(?:ptb\.|canary\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/|[\w.-]*(?:webhook\.)?office(?:365)?\.com\/webhook(?:b2)?\/|hooks\.zapier\.com\/hooks\/catch\/|[\w.-]*feishu\.cn\/open-apis\/bot\/v2\/hook\/|[\w.-]*larksuite\.com\/open-apis\/bot\/v2\/hook\/|maker\.ifttt\.com\/trigger\/[^/]+\/(?:json\/)?with\/key\/|events\.pagerduty\.com\/integration\/|hc-ping\.com\/|hook\.[\w.]*(?:make|integromat)\.com\/|[\w.-]+\/hooks\/(?=[a-z0-9]{26}\b)|api\.telegram\.org\/(?:file\/)?bot)/;
