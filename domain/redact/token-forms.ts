import type { Scan } from './scan.ts';

/** Secrets known by their form, wherever they stand: what today's services give out with a prefix of their own. */

const kinds = {
  /** Letters and digits. */
  a: /[A-Za-z0-9]+/y,
  /** The same with `_` and `-`. */
  u: /[A-Za-z0-9_-]+/y,
  /** The same with dots. */
  d: /[A-Za-z0-9_.-]+/y,
  /** Base64 of any kind, and dots. */
  b: /[A-Za-z0-9+/_.-]+/y,
  /** Hexadecimal. */
  x: /[0-9a-f]+/y,
  /** Capitals and digits. */
  c: /[A-Z0-9]+/y,
  /** Whatever is no blank and no quote. */
  s: /[^\s"'`,;)<>]+/y,
} as const;

type Kind = keyof typeof kinds;

/** `prefix kind least`: the least length of what follows the prefix. */
const table = `
AKIA c 16|ASIA c 16|ABIA c 16|ACCA c 16|AROA c 16|AIDA c 16|AGPA c 16|ANPA c 16|bedrock-api-key- b 20|ABSK b 100
AIza u 35|ya29. d 20|GOCSPX- u 20|1//0 u 30
ghp_ a 20|gho_ a 20|ghu_ a 20|ghs_ a 20|ghr_ a 20|github_pat_ u 20
glpat- d 16|gldt- u 16|glrt- d 16|glcbt- d 16|glptt- u 16|glft- u 16|glsoat- u 16|glimt- u 16|glagent- u 16|gloas- u 16|GR1348941 u 16
xoxa- u 10|xoxb- u 10|xoxe- u 10|xoxe.xoxp- u 10|xoxe.xoxb- u 10|xoxo- u 10|xoxp- u 10|xoxr- u 10|xoxs- u 10|xoxc- u 10|xoxd- b 10|xapp- u 10|xwfp- u 10
sk_live_ a 10|sk_test_ a 10|rk_live_ a 10|rk_test_ a 10|pk_live_ a 10|pk_test_ a 10|whsec_ b 16
sk- u 20|sk.eyJ d 20|r8_ a 30|gsk_ a 30|pplx- a 30|xai- a 30|hf_ a 20|api_org_ a 20|nvapi- u 20|csk- a 30|tvly- u 20|jina_ u 20|lsv2_pt_ u 20|lsv2_sk_ u 20|pcsk_ u 20
dop_v1_ x 32|doo_v1_ x 32|dor_v1_ x 32
pypi- u 16|npm_ a 30|rubygems_ x 32|dckr_pat_ u 20|dckr_oat_ u 20|jfrt@ a 32|AKCp a 60
glsa_ u 20|glc_ b 20|eyJrIjoi b 20|dapi x 30|dkea x 30|sntrys_ b 20|sntryu_ a 20|NRAK- a 20|NRJS- a 15|NRII- u 20|NRRA- x 30|dt0c01. d 40|dt0s01. d 40|hcaik_ a 20|hcxik_ a 20|phc_ a 30|phx_ a 30|lin_api_ a 20|lin_oauth_ a 20
SG. d 30|key- x 32|xkeysib- u 40|re_ u 20|mlsn. a 30|sqp_ x 30|squ_ x 30|sqa_ x 30
sq0atp- u 20|sq0csp- u 20|sq0idp- u 20|EAAA u 50|shpat_ a 20|shpca_ a 20|shppa_ a 20|shpss_ a 20|shptka_ a 20|rzp_live_ a 14|rzp_test_ a 14|FLWSECK- u 20|FLWSECK_TEST- u 10|access-production- u 30|access-sandbox- u 30|access_token$production$ s 20|APP_USR- u 20
ATATT3x u 20|ATCTT3x u 20|ATBB a 20|ATSTT3x u 20|secret_ a 40|ntn_ a 30|figd_ u 20|PMAK- u 20|CFPAT- u 20
dp.pt. a 20|dp.st. d 20|dp.ct. a 20|dp.sa. a 20|dp.scim. a 20|dp.audit. a 20|hvs. u 20|hvb. u 20|hvr. u 20|pul- x 30|fo1_ u 20|fm1_ b 20|fm2_ b 20|nfp_ u 20|rnd_ a 20|sbp_ x 30|sb_secret_ u 20|pscale_tkn_ u 20|pscale_pw_ u 20|pscale_oauth_ u 20|napi_ a 20|HRKU- u 20|tskey- u 16|CCIPAT_ u 20|CCIPRJ_ u 20|bkua_ x 30|pnu_ a 30|dbtc_ u 20|dbtu_ u 20|ops_eyJ b 40|sdk-live- u 20|ico- a 30|tfp_ u 30|EZAK a 50|EZTK a 50|shippo_live_ x 30|shippo_test_ x 30|ngrok_ a 20|LTAI a 12|AKID a 13|AQVN u 30|y0_ u 30|sl. u 60|cfut_ u 20|cfat_ u 20|vcp_ a 20|vck_ a 20|rdme_ a 30|SK x 32|duffel_live_ u 30|lob_live_ u 20|AGE-SECRET-KEY- c 30
`;

interface Form {
  prefix: string;
  kind: Kind;
  least: number;
}

const byStart = new Map<string, Form[]>();
for (const row of table.trim().split(/[|\n]/)) {
  const [prefix = '', kind = 'a', least = '20'] = row.trim().split(' ');
  const form: Form = { prefix, kind: kind as Kind, least: Number.parseInt(least, 10) };
  const start = prefix.slice(0, 2);
  byStart.set(start, [...(byStart.get(start) ?? []), form]);
}

/** @returns the end of the token that begins here, at a part of a word that ends at `to`; 0 where none does */
export function tokenAt(scan: Scan, at: number, to: number): number {
  const { text } = scan;
  for (const { prefix, kind, least } of byStart.get(text.slice(at, at + 2)) ?? []) {
    if (!text.startsWith(prefix, at)) continue;
    const from = at + prefix.length;
    const end = scan.runEnd(kinds[kind], from);
    if (end - from >= least && isMixed(prefix, kind, text.slice(from, Math.min(end, from + 200))))
      return withPadding(scan, end, kind);
  }
  return shapeAt(scan, at, to - at);
}

/** A prefix of three letters or less may begin a word of prose, or the name of a class. */
function isMixed(prefix: string, kind: Kind, rest: string): boolean {
  // Sixteen capitals more are no word; one token in twenty has no digit.
  if (kind === 'c') return true;
  if (/[_.-]$/.test(prefix) && (prefix.length > 5 || /[a-z][A-Z]+[a-z]+[A-Z]+[a-z]+[A-Z]/.test(rest)))
    return true;
  return (/\d/.test(rest) || rest.length >= 40) && /[A-Za-z]/.test(rest);
}

function withPadding(scan: Scan, end: number, kind: Kind): number {
  return kind === 'b' ? end + (scan.match(padding, end)?.[0].length ?? 0) : end;
}

const padding = /={0,2}/y;
const bot = /(?:bot)?\d{6,12}:(?=[A-Za-z0-9_-]{30})/y;
const discord = /[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,200}/y;
const mailchimp = /[0-9a-f]{32}-us\d{1,2}/y;
const entra = /[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}/y;
const airtable = /pat[A-Za-z0-9]{14}\.[0-9a-f]{64}/y;
const firebase = /AAAA[A-Za-z0-9_-]{7}:(?=[A-Za-z0-9_-]{100})/y;
const launchDarkly = /(?:sdk|api|mob)-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/y;
const terraform = /[A-Za-z0-9]{14}\.atlasv1\.(?=[A-Za-z0-9_-]{30})/y;
const segment = /\.(?=[A-Za-z0-9_-]{5})/y;

/** Forms that no prefix tells alone. What fails has looked at a bounded length. */
function shapeAt(scan: Scan, at: number, length: number): number {
  const first = scan.text[at] ?? '';
  const fixed = (form: RegExp): number => {
    const found = scan.match(form, at);
    return found === null ? 0 : at + found[0].length;
  };
  const open = (form: RegExp): number => {
    const begin = fixed(form);
    return begin === 0 ? 0 : scan.runEnd(kinds.u, begin);
  };
  if (first === 'e' && scan.text.startsWith('eyJ', at)) return webToken(scan, at);
  if ((first >= '0' && first <= '9') || first === 'b') {
    const token = open(bot);
    if (token > 0) return token;
  }
  if (first === 'A' && scan.text.startsWith('AAAA', at)) return open(firebase);
  if (length >= 14) {
    if (first === 'p') return fixed(airtable) || open(terraform);
    const long = open(terraform) || (length >= 35 ? fixed(mailchimp) || fixed(discord) : 0);
    if (long > 0) return long;
    if (first === 's' || first === 'a' || first === 'm') return fixed(launchDarkly) || fixed(entra);
  }
  return length >= 5 ? fixed(entra) : 0;
}

/** A JSON Web Token, signed or encrypted. */
function webToken(scan: Scan, at: number): number {
  const head = scan.runEnd(kinds.u, at);
  if (head - at < 8 || scan.match(segment, head) === null) return 0;
  let end = head;
  for (let parts = 1; parts < 5 && scan.text[end] === '.'; parts += 1) {
    end += 1 + (scan.match(kinds.u, end + 1)?.[0].length ?? 0);
  }
  return end;
}
