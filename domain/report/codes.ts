/** The systems whose numbered or named codes are known. What a code means is data (playbooks/codes.yaml). */
export const codeSystems = [
  'sqlstate',
  'mysql',
  'oracle',
  'mssql',
  'mongo',
  'clickhouse',
  'prisma',
  'errno',
  'dns',
  'http',
  'smtp',
  'grpc',
  'cloud',
  'exit',
  'signal',
] as const;
export type CodeSystem = (typeof codeSystems)[number];
export type Codes = Partial<Record<CodeSystem, string[]>>;

const reasons =
  'Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Method Not Allowed|Request Timeout|Conflict|Gone|Payload Too Large|Unprocessable(?: Entity| Content)?|Too Many Requests|Internal Server Error|Not Implemented|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out|Insufficient Storage';

/** Where each system's codes stand in a text: always beside the words that make a number a code. */
const places: readonly (readonly [CodeSystem, RegExp])[] = [
  ['sqlstate', /SQL ?STATE["']?[[(:= ]{1,3}["']?([0-9A-Z]{5})\b/gi],
  ['sqlstate', /\bcode["']?[:=] ?["']([0-9][0-9A-Z]{4}|[A-Z][0-9][0-9A-Z]{3})["']/g],
  ['sqlstate', /\bERROR \d{4} \(([0-9A-Z]{5})\)/g],
  ['sqlstate', /\bSQL Error \[([0-9A-Z]{5})\]/g],
  ['sqlstate', /\b(\d{2}P\d{2}|42[0-9]{2}[0-9A-Z]|3D000|3F000|22P02|53[123]00)(?::| \()/g],
  ['sqlstate', /\[([0-9A-Z]{2}0[0-9A-Z]{2})\] \[?[A-Z]/g],
  ['mysql', /[(,[] ?([1-4]\d{3}), ["'u]/g],
  ['mysql', /\bERROR ([1-4]\d{3}) \(/g],
  ['mysql', /\bError (?:code: ?)?([1-4]\d{3})(?:: | \()/gi],
  ['mysql', /\[[0-9A-Z]{5}\] \[([1-4]\d{3})\]/g],
  ['mysql', /(?:General error|violation|not found|denied|syntax error)[^:\n]{0,40}: ([1-4]\d{3}) [A-Z]/gi],
  ['mysql', /\b(ER_[A-Z_]{3,60})\b/g],
  ['oracle', /\bORA-(\d{5})\b/g],
  ['mssql', /\bMsg (\d{3,5}), Level\b/g],
  ['mssql', /\bError: (\d{3,5}), Severity\b/g],
  ['mssql', /\((\d{3,5})\) \(SQL[A-Z]\w+\)/g],
  ['mongo', /\bcodeName["']?: ?["']([A-Za-z]{3,60})["']/g],
  ['mongo', /\b(E11000)\b/g],
  ['clickhouse', /\bCode: (\d{1,4})\. (?:DB::|e\.displayText)/g],
  ['prisma', /\b(P[1-6]\d{3})\b/g],
  ['errno', /\[(?:Errno|errno) (\d{1,3})\]/g],
  ['errno', /\[WinError (\d{2,5})\]/g],
  ['errno', /\(?os error (\d{1,5})\)?/gi],
  ['errno', /\bOs \{ code: (\d{1,5})/g],
  ['errno', /\bError (\d{2,3}) (?:while )?(?:connecting to|writing to)/g],
  ['errno', /\((\d{1,3}): [A-Z][a-z]+ ?[a-z]*[^()]{0,60}\)/g],
  ['errno', /SocketException \((\d{1,5})\)/g],
  ['errno', /on '[^'\n]{1,253}' \((\d{1,3})(?: "|\))/g],
  ['errno', /\b(?:errno|Error)(?::|=) ?-?(\d{1,3})\b(?! ?[%\w])/g],
  ['errno', /(?:Connection\w*Error|OSError|timeout|error)\((\d{1,3}), ['"]/g],
  [
    'errno',
    /\b(ECONN(?:REFUSED|RESET|ABORTED)|E(?:HOST|NET)UNREACH|EHOSTDOWN|ENETDOWN|ETIMEDOUT|ESOCKETTIMEDOUT|EPIPE|ENOSPC|EDQUOT|ENOMEM|EACCES|EPERM|EROFS|EMFILE|ENFILE|EADDRINUSE|EADDRNOTAVAIL|ENOENT|ENOEXEC|EIO|EISDIR|UND_ERR_[A-Z_]{3,40})\b/g,
  ],
  ['dns', /\b(ENOTFOUND|EAI_[A-Z]{3,12}|NXDOMAIN|SERVFAIL|ENODATA)\b/g],
  ['dns', /\[Errno (-\d{1,2})\]/g],
  ['http', /\bHTTP(?:\/[\d.]{1,3})?(?: ?error| status| response)?(?: ?code)?[ :="]{1,3}([1-5]\d\d)\b/gi],
  [
    'http',
    /\b(?:status|statuscode|status_code|response)(?:[ _-]?code)?["']?(?: of| was| is|:|=)*[ "']{0,3}([1-5]\d\d)\b/gi,
  ],
  ['http', /\b([1-5]\d\d):? (?:Client |Server )Error\b/g],
  ['http', new RegExp(`(?<![\\w.])([1-5]\\d\\d)[:.,]? ?["'(]?(?:${reasons})\\b`, 'gi')],
  ['http', /\b(?:error code: ?|HTTP Error |api: Error )(4\d\d|5\d\d)\b/gi],
  ['http', /["']?\bcode["']?: ?(4\d\d|5\d\d)\b/g],
  ['http', /returned(?: an)?(?: HTTP)?(?: error| code| status)*:? (4\d\d|5\d\d)\b/gi],
  ['http', /^(?:[\w.]{1,100}: )?(4\d\d|5\d\d)(?: [A-Z]|$)/gm],
  ['http', /(?:Error|Exception)\((4\d\d|5\d\d)[),]/g],
  ['http', /\bE(40[13]|429|50[0-4])\b/g],
  ['smtp', /\((4\d\d|5\d\d), b?["']/g],
  ['smtp', /\b(4\d\d|5\d\d)[ -][245]\.\d{1,3}\.\d{1,3}\b/g],
  ['grpc', /\bStatusCode\.([A-Z_]{2,30})\b/g],
  ['grpc', /\brpc error: code = (\w{2,30})\b/g],
  [
    'grpc',
    /\b(?:\d{1,2} |status["']?: ?["']|io\.grpc\.Status\w{0,20}: )?(DEADLINE_EXCEEDED|UNAVAILABLE|RESOURCE_EXHAUSTED|UNAUTHENTICATED|PERMISSION_DENIED)\b/g,
  ],
  ['cloud', /\bA(?:n| client) error(?: occurred)? \((\w{3,80})\)/g],
  ['cloud', /<Code>(\w{3,80})<\/Code>/g],
  ['cloud', /"__type": ?"(?:[\w.]{1,100}#)?(\w{3,80})"/g],
  ['cloud', /\bError ?Code: ?"?(\w{3,80})/g],
  ['cloud', /\b(?:code|error|type|reason)["']?: ?["']([A-Za-z][A-Za-z_.-]{2,80})["']/g],
  ['cloud', /^(?:[\w.]{1,100}: )?([A-Z]\w{3,60}?(?:Exception|Throttled|Exceeded)?): (?=[A-Z])/gm],
  ['cloud', /\b(AADSTS\d{5,8})\b/g],
  [
    'exit',
    /\bexit(?:ed)?(?: with)?(?: an?)?(?: non-zero)?(?: (?:code|status|error code))?[:= ]{0,2}\(?(\d{1,3})\b/gi,
  ],
  ['exit', /"ExitCode": ?(\d{1,3})\b/g],
  ['signal', /\b(SIG(?:KILL|TERM|SEGV|ABRT|BUS|ILL|INT|HUP))\b/g],
  ['signal', /\bsignal:? (\d{1,2})\b/gi],
  ['signal', /\bstatus=\d{1,2}\/([A-Z]{3,6})\b/g],
];

/** Numbers of Linux, macOS and Windows sockets, by the name that POSIX gives them. */
const errnoNames: Readonly<Record<string, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  5: 'EIO',
  8: 'ENOEXEC',
  12: 'ENOMEM',
  13: 'EACCES',
  23: 'ENFILE',
  24: 'EMFILE',
  28: 'ENOSPC',
  30: 'EROFS',
  32: 'EPIPE',
  51: 'ENETUNREACH',
  54: 'ECONNRESET',
  60: 'ETIMEDOUT',
  61: 'ECONNREFUSED',
  65: 'EHOSTUNREACH',
  98: 'EADDRINUSE',
  99: 'EADDRNOTAVAIL',
  101: 'ENETUNREACH',
  103: 'ECONNABORTED',
  104: 'ECONNRESET',
  110: 'ETIMEDOUT',
  111: 'ECONNREFUSED',
  112: 'EHOSTDOWN',
  113: 'EHOSTUNREACH',
  122: 'EDQUOT',
  10013: 'EACCES',
  10048: 'EADDRINUSE',
  10051: 'ENETUNREACH',
  10053: 'ECONNABORTED',
  10054: 'ECONNRESET',
  10060: 'ETIMEDOUT',
  10061: 'ECONNREFUSED',
  10065: 'EHOSTUNREACH',
  11001: 'ENOTFOUND',
};

/** The standard codes that a text holds, in the order in which they stand. `errno` and `grpc` by name. */
export function readCodes(text: string): Codes {
  const codes: Codes = {};
  for (const [system, place] of places) {
    for (const found of text.matchAll(place)) {
      const code = nameOf(system, found[1] ?? '');
      const known = (codes[system] ??= []);
      if (!known.includes(code)) known.push(code);
    }
  }
  return codes;
}

function nameOf(system: CodeSystem, code: string): string {
  if (system === 'errno') return errnoNames[code] ?? code;
  if (system === 'sqlstate') return code.toUpperCase();
  // Go prints DeadlineExceeded where the others print DEADLINE_EXCEEDED.
  if (system === 'grpc') return code.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
  if (system === 'signal') return signalNames[code] ?? (code.startsWith('SIG') ? code : `SIG${code}`);
  return code;
}

const signalNames: Readonly<Record<string, string>> = {
  6: 'SIGABRT',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};
