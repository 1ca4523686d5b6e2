/** What of an alert tells whether it was measured at all. */
export interface Measured {
  name: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  /** Prometheus puts the rule's expression into it. */
  generatorURL?: string | null | undefined;
}

/** Grafana's own alerts about a query that failed or brought nothing. */
const grafanaNames = /^(?:Datasource(?:Error|NoData)|NoData)$/i;

/** Rules about what is measured with, by the names that their publishers gave them. */
const meterNames =
  /(?:^|_|[a-z0-9])(?:NoData|NoMetrics?|NoSamples)(?=$|_|[A-Z])|(?:Metrics?|Series|Samples?|Targets?|Scrapes?|Exporters?|Datasources?|Cadvisor|CAdvisor|Prometheus|PrometheusJob)_?(?:All)?_?(?:Targets?)?_?(?:Missing|Absent|Down|Failed|Failing|Failures?|Errors?|Stale|Unreachable)/;

/** Programs that measure others. What they serve is about those. */
const meters =
  /(?:^|[-_./])(?:[a-z0-9]+[-_])?exporter(?:$|[-_.\d])|(?:^|[-_./])(?:cadvisor|prometheus|pushgateway|vmagent|telegraf|alloy|grafana-agent|otel-collector|blackbox|node[-_]?exp)(?:$|[-_.\d])/i;

/** Ports of programs that measure a whole machine, or another program (https://github.com/prometheus/prometheus/wiki/Default-port-allocations). */
const meterPorts = new Set([
  9100, 9101, 9102, 9103, 9104, 9107, 9108, 9110, 9111, 9113, 9114, 9115, 9116, 9117, 9118, 9119, 9121, 9127,
  9150, 9182, 9187, 9216, 9221, 9256, 9308, 9323, 9341, 9419, 9558,
]);

/** Whether `name`, and the port where it has one, are those of a program that measures others. */
export const isMeter = (name: string, port: number | null): boolean =>
  meters.test(name) || (port !== null && meterPorts.has(port));

/**
 * Why an alert says that monitoring is blind, not that something is ill; null where it was measured. A source of
 * data that can't be asked makes every rule over it fire: under a name of Grafana's, or, where the rule is set to
 * alert on it, under the rule's own name and with the rule's words.
 */
export function blindness({ name, labels, annotations, generatorURL }: Measured): string | null {
  const state = stateReason({ labels, annotations });
  if (/\b(?:NoData|Error)\b/i.test(state)) return `Grafana could not evaluate the rule (${state})`;
  if (grafanaNames.test(name)) return `Grafana could not evaluate the rule (${name})`;
  const expression = expressionOf(generatorURL);
  if (
    /^[\s(]*absent(?:_over_time)?\s*\(/.test(expression) &&
    !/^[\s(]*absent\w*\s*\(\s*container_/.test(expression)
  )
    return 'what is measured is not there: the rule asks for a series that is absent';
  if (meterNames.test(name)) return `the rule ${name} is about what is measured with`;
  const asksUp =
    expression === '' ? /^(?:Instance|Target|Service|Job|Host)?_?Down$/i.test(name) : isUp.test(expression);
  const meter = [labels['job'], labels['instance']].find((value) => value !== undefined && isMeterAt(value));
  return asksUp && meter !== undefined ? `${meter} can't be asked: it is what measures` : null;
}

/** Grafana's reason for a state that was not measured: `NoData`, `Error`, `MissingSeries`, `Paused` …; empty else. */
export const stateReason = (alert: Pick<Measured, 'labels' | 'annotations'>): string =>
  (alert.annotations['grafana_state_reason'] ?? alert.labels['grafana_state_reason'] ?? '')
    .slice(0, 200)
    .trim();

const isUp = /(?:^|[\s(])up\s*(?:\{[^}]*\})?\s*(?:\)\s*)*(?:by\s*\([^)]*\)\s*)?(?:==\s*0|!=\s*1|<\s*1)/;

const isMeterAt = (instance: string): boolean => {
  const [, name = '', port] = /^(?:[a-z]+:\/\/)?([^/:]*)(?::(\d{1,5}))?/i.exec(instance) ?? [];
  return isMeter(name, port === undefined ? null : Number(port));
};

/** The rule's expression as Prometheus writes it into the link to its graph. */
const expressionOf = (generatorURL: string | null | undefined): string => {
  const given = /[?&]g0\.expr=([^&#]{1,4000})/.exec(generatorURL ?? '')?.[1];
  if (given === undefined) return '';
  try {
    return decodeURIComponent(given.replaceAll('+', ' '));
  } catch {
    return '';
  }
};
