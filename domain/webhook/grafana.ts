import { z } from 'zod';
import type { KnownPlaces } from './alert-place.ts';
import type { Alert } from './alertmanager.ts';
import { readAlert } from './alertmanager.ts';
import type { Digest, ReadAlert } from './webhook.ts';
import { headOf } from './webhook.ts';

/**
 * Grafana's webhook contact point: like Alertmanager's, with `values`, `orgId` and `state` beside
 * (https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/).
 */
export const grafanaSchema = z.looseObject({
  status: z.string().optional(),
  state: z.string().optional(),
  title: z.string().optional(),
  orgId: z.number().optional(),
  alerts: z
    .array(z.unknown(), 'must be a list: the body of Grafana’s unified alerting')
    .min(1, 'must hold at least one alert')
    .max(1000, 'at most 1000 alerts'),
  truncatedAlerts: z.number().optional(),
});

/** The measured values that made the alert fire, and the panel that shows them. */
const detailsOf = (alert: Alert): string => {
  const values: unknown = alert['values'];
  const valueString: unknown = alert['valueString'];
  const panel: unknown = alert['panelURL'] ?? alert['dashboardURL'];
  const measured = typeof valueString === 'string' && valueString !== '' ? valueString : asText(values);
  return [measured, typeof panel === 'string' ? panel : ''].filter((line) => line !== '').join('\n');
};
const asText = (values: unknown): string => {
  if (typeof values !== 'object' || values === null) return '';
  try {
    return headOf(JSON.stringify(values), 2000);
  } catch {
    // The stack's depth: an alert must not be lost for what stands beside it.
    return 'its values are nested too deeply to be shown';
  }
};

/** Reads a whole body that `grafanaSchema` has taken. */
export const readGrafana = (
  body: z.infer<typeof grafanaSchema>,
  context: { places: KnownPlaces | null; digest: Digest },
): ReadAlert[] =>
  body.alerts.map((alert, index) =>
    readAlert(alert, index, { source: 'grafana', details: detailsOf, ...context }),
  );
