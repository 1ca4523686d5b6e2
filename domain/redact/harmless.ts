import { removed } from './mark.ts';

/** Values that say there is no secret, or what kind of thing one is: just what a person needs to see. */
const words = new Set(
  (
    'null nil none undefined missing empty unset nan n/a na false true yes no required optional invalid incorrect wrong ' +
    'expired revoked denied rejected absent unknown disabled enabled hidden redacted filtered masked removed omitted ' +
    'secret password string str bytes int integer number boolean bool any object text varchar char unknown void never ' +
    'optional[str] string! include omit same-origin secretstr sigterm sigkill sigint sighup sigquit sigsegv sigabrt sigusr1 sigusr2 sigpipe ' +
    'basic bearer digest negotiate ntlm ok failed error default prompt stdin env file generated ' +
    '無 无 空 未設定 未设置 缺少 錯誤 错误 過期 过期 無效 无效 不正確'
  ).split(' '),
);

/** `****`, `xxxx`, `<token>`, `${TOKEN}`, `$TOKEN`, `%(password)s`, `{password}`, `{{ token }}`, `[FILTERED]`, our own mark. */
const placeholder =
  /^(?:([*xX•.·#_-])\1+|<[\w .:/-]{0,60}>|\$\{[^}]{0,100}\}?|\$(?:[A-Z_][A-Z0-9_]*|[a-z_]*(?:pass|pwd|secret|token|key)[a-z_]*)|\$\([^)]{0,200}\)?|%\(\w+\)s|%[sdvq]|\{\w*\}|\{\{[^}]{0,100}\}\}|:[a-z_]+|\?)$/;
const marked = /^[[(<](?:redacted|filtered|hidden|masked|removed|secret|none|null|empty|not set)[\])>]$/i;

/** Where files lie, not what is in them. */
const path =
  /^(?:\.{1,2}\/|~\/|\/(?:etc|run|var|home|usr|opt|app|root|srv|tmp|mnt|data|secrets|config|keys|proc|dev)\/|[A-Z]:\\)[\w./\\~-]*$/;

/** An expression of a program, as tracebacks show its lines: `os.environ["X"]`, `get_token()`, `self.password`. */
const expression =
  /^(?:(?:self|this|cls|os|process|config|settings|env|ctx|context|request|req|args|kwargs|options|opts|params|cfg|app|user|data|credentials)(?:\.[A-Za-z_]\w*)+|(?:await )?(?:(?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*|[A-Za-z_]\w*(?=\(\))|(?:get|fetch|load|read|generate|create|make|decode|encode|decrypt|str|parse|lookup|resolve|require|ask)\w*)\([\w\s.,"'=[\]{}-]*\)?|[A-Za-z_][\w.]*(?:\[(?:["'][\w. -]*["']?\]?|\d\]))+)[),;:\]}]*$/;

/** The names that programs give to variables which hold a secret: `connect(password=password)`. */
const variables = new Set(
  (
    'password apikey api_key access_token auth_token client_secret secret_key ' +
    'db_password db_pass user_password new_password old_password credentials creds refresh_token session_key'
  ).split(' '),
);

/** Without the signs that end a sentence, or a bracket. */
function withoutEnd(text: string, signs: string): string {
  let end = text.length;
  while (end > 0 && signs.includes(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end);
}

/** Nothing that is longer says that there is no secret. */
const longest = 400;

/** @param inCode it stands where programs have expressions */
export function isHarmless(value: string, inCode = false): boolean {
  if (value.length > longest) return false;
  const bare = value.trim().replace(/^["'`]|["'`]$/g, '');
  if (bare === '' || bare === removed) return true;
  const word = withoutEnd(bare, ').,;:]}!').toLowerCase();
  if (
    word === '' ||
    words.has(word) ||
    words.has(bare.toLowerCase()) ||
    placeholder.test(bare) ||
    marked.test(bare)
  )
    return true;
  if (path.test(bare)) return true;
  return inCode && bare.length < 300 && (variables.has(word) || expression.test(bare));
}

/** How a sentence goes on that speaks of a secret and tells none: `password: must be at least 8 characters`. */
const prose =
  /^(?:must|should|shall|can|cannot|can't|could|may|is|isn't|was|were|are|has|have|had|does|did|not|no|invalid|missing|required|expected|failed|failure|field|the|this|that|a|an|please|too|unknown|unable|error|at|in|on|for|from|of|with|and|or|but|to|by|cannot|wrong|incorrect|expired|authentication|permission|access|denied|rejected|unauthorized|forbidden|empty|ensure|use|used|using|you|your|it|its|length|minimum|maximum|only|already|unexpected|could|got|none)(?=[\s,.:;!?]|$)/i;

export const isProse = (text: string): boolean =>
  prose.test(text) && (/\s/.test(text.slice(0, longest).trim()) || isHarmless(text));

/** A word that no sentence has: letters and digits mixed, signs, or capitals inside. */
export function looksSecret(word: string): boolean {
  const bare = withoutEnd(word.slice(0, 80), ').,;:]}"\'`');
  if (bare.length < 4 || isHarmless(bare, true)) return false;
  if (/^\d+(?:\.\d+)*(?:ms|s|m|h|d|%|kb|mb|gb)?$/i.test(bare)) return /^\d{6,}$/.test(bare);
  return (
    (/\d/.test(bare) && /[A-Za-z]/.test(bare)) ||
    /[!@#$%^&*+=~?\\]/.test(bare) ||
    /[a-z][A-Z]|[A-Z]{2}[a-z]/.test(bare)
  );
}
