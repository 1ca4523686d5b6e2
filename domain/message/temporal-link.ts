/** Where the SREs' window is: the address of the Temporal UI, and the namespace of the runs. */
export interface TemporalUi {
  url: string;
  namespace: string;
}

/** Longer addresses are left out of messages; Telegram would not link them. */
const MAX_LINK_UNITS = 600;

/** The page of one run, or null when there is no UI or the address would be absurdly long. */
export const temporalLink = (
  ui: TemporalUi | null,
  run: { workflowId: string; runId: string },
): string | null => {
  if (ui === null) return null;
  const encode = (text: string) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
  const base = ui.url.replace(/\/+$/, '');
  const path = `namespaces/${encode(ui.namespace)}/workflows/${encode(run.workflowId)}/${encode(run.runId)}`;
  const link = `${base}/${path}`;
  return link.length <= MAX_LINK_UNITS ? link : null;
};

/** Telegram silently drops links to hosts without a dot and to loopback: those are shown as text instead. */
export const isLinkable = (link: string): boolean => {
  const host = /^https?:\/\/([^/:?#]+)/i.exec(link)?.[1] ?? '';
  return host.includes('.') && !host.startsWith('127.') && host !== '0.0.0.0';
};
