/**
 * The allowed commands once more, written independently of the policy as plain expressions over argument lists:
 * what policy accepts and this doesn't is an escape.
 */
const N = String.raw`[A-Za-z0-9][\w.-]{0,127}`;
const H = String.raw`[A-Za-z0-9][\w.-]{0,252}`;
const U = String.raw`[A-Za-z0-9][\w.@:-]{0,127}`;
const TO_1000 = '(?:[1-9][0-9]{0,2}|1000)';
const PORT = '(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])';

const grammar = new RegExp(
  `^(?:docker,(?:ps(?:,-a)?(?:,--no-trunc)?|ps(?:,-a)?,-q,--no-trunc|(?:container,)?inspect,${N}` +
    `|logs,(?:--timestamps,)?--tail,${TO_1000},${N}|stats,--no-stream(?:,${N})?|(?:top|port),${N}` +
    `|network,(?:ls|inspect,${N})|volume,ls|image,ls|system,df|version)` +
    `|df,-[hi]|free,-m|uptime|date,-u|nproc|uname,-r|ss,-(?:ltn|s)|getent,hosts,${H}` +
    `|systemctl,(?:status,${U},--no-pager|is-active,${U})|journalctl,-u,${U},-n,${TO_1000},--no-pager` +
    `|pg_isready,-h,${H}(?:,-p,${PORT})?|autoheal-gate-probe)$`,
);

/** Whether these words are an allowed command. The comma that joins them occurs in no allowed word. */
export function inGrammar(argv: readonly string[]): boolean {
  return argv.every((word) => !/[,\n]/.test(word)) && grammar.test(argv.join(','));
}
