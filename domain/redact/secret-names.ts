/**
 * Names whose values are secrets: `POSTGRES_PASSWORD`, `client_secret`, `X-Api-Key`, `密碼`. The end of a name decides;
 * what stands before it doesn't matter.
 */

/** Ends that say it wherever they stand in a word: `dbpassword`, `clientSecret`. */
const ends = new Set(
  (
    'password passwd passphrase passcode passwort kennwort senha contrasena contraseña пароль パスワード 비밀번호 암호 ' +
    '密碼 密码 口令 金鑰 密鑰 密钥 權杖 令牌 通行碼 私鑰 私钥 ' +
    'secret credential token apikey accesskey secretkey privatekey encryptionkey signingkey masterkey accountkey ' +
    'sharedkey sharedaccesskey authkey servicekey sessionkey licensekey appkey hmackey aeskey jwtkey deploykey ' +
    'webhookkey integrationkey writekey adminkey cryptokey cookiekey storagekey serverkey clientkey presharedkey ' +
    'encryptkey decryptkey rootkey subscriptionkey sshkey consumerkey sharedaccesssignature ' +
    'requirepass masterauth storepass keypass dbpass userpass rootpass adminpass pgpass sshpass bindpw rootpw adminpw userpw ' +
    'authorization phpsessid jsessionid sessionid connect.sid seedphrase mnemonic signature pre_shared_key'
  ).split(' '),
);

/** Ends that say it as a whole part of a name only: not `bypass`, `assign` or `compass`. */
const parts = new Set('pass pwd pw sig sas dsn psk otp totp cvv jwt bearer pwhash passe'.split(' '));

/** What may follow, and says no other thing of it. A `_FILE`, `_path`, `_id` or `_length` does. */
const after =
  /[_.-]?(?:base64|b64|base|hash|salt|old|new|previous|prev|next|value|data|plain|text|raw|encoded|enc|s|\d{1,3})$/;

/** Tokens that let nobody in. */
const harmlessTokens =
  /(?:page|pagination|continuation|cancel|cancellation|cursor|sync|next|stop|eos|bos|pad|unk|sep|mask|first|last|invalid)[_.-]?tokens?$/;

const longest = 28;
const lengths = [...new Set([...ends].map((end) => end.length))].sort((a, b) => b - a);
/** The last signs of all of them: most words are none of these. */
const tails = new Set(
  [...ends, ...parts]
    .flatMap((end) => [end.slice(-3), end.slice(-2)])
    .filter((tail) => tail.length > 2 || ends.has(tail) || parts.has(tail)),
);
const suffixTails = new Set([
  'e64',
  'b64',
  'ase',
  'ash',
  'alt',
  'old',
  'new',
  'ous',
  'rev',
  'ext',
  'lue',
  'ata',
  'ain',
  'raw',
  'ded',
  'enc',
]);

/** Whether a name, alone, says that its value is a secret. */
export function isSecretName(name: string): boolean {
  const tail = name.slice(-longest - 8);
  const lower = tail.toLowerCase();
  if (saysSo(tail, lower)) return true;
  const last = lower.charCodeAt(lower.length - 1);
  if (!(last === 0x73 || (last >= 0x30 && last <= 0x39) || suffixTails.has(lower.slice(-3)))) return false;
  const short = lower.replace(after, '');
  return short.length < lower.length && short !== '' && saysSo(tail.slice(0, short.length), short);
}

/** Names of more than one, of which most are no secrets: `max_tokens`, `passes`. They need a look at the value. */
export const isCountable = (name: string): boolean => /(?:tokens|passes|pass|sig)$/i.test(name);

function saysSo(tail: string, lower: string): boolean {
  if (!tails.has(lower.slice(-3)) && !tails.has(lower.slice(-2))) return false;
  if (harmlessTokens.test(lower)) return false;
  const joined = lower.replace(/[_.-]/g, '');
  for (const length of lengths)
    if (ends.has(joined.slice(-length)) || ends.has(lower.slice(-length))) return true;
  const lastPart = /[a-z]+$/.exec(lower)?.[0] ?? '';
  if (parts.has(lastPart)) return true;
  // `dbPass`: a capital begins a part.
  const camel = /[a-z0-9]([A-Z][a-z]+)$/.exec(tail)?.[1]?.toLowerCase();
  return camel !== undefined && parts.has(camel);
}
