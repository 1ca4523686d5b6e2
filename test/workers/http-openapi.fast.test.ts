import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { startService } from '../support/http-service.ts';

const documented = new URL('../../docs/openapi.json', import.meta.url).pathname;

it('docs/openapi.json is what the service serves (write it anew with vitest --update)', async () => {
  const service = await startService();
  const text = await (await service.send('/openapi.json')).text();
  await service.server.close();
  const options = await resolveConfig(documented);
  await expect(await format(text, { ...options, filepath: documented })).toMatchFileSnapshot(documented);
});

it('the document names every endpoint, the token, and the shared schemas', async () => {
  const service = await startService();
  const document = (await (await service.send('/openapi.json')).json()) as {
    openapi: string;
    paths: Record<string, object>;
    components: { schemas: Record<string, object>; securitySchemes: object };
  };
  await service.server.close();
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths).sort()).toEqual([
    '/healthz',
    '/metrics',
    '/readyz',
    '/v1/actions',
    '/v1/alertmanager',
    '/v1/exceptions',
    '/v1/grafana',
    '/v1/incidents',
    '/v1/incidents/{id}',
    '/v1/sentry',
  ]);
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['Report', 'ActionReport', 'Accepted', 'Healed', 'Problem', 'WebhookOutcome']),
  );
  expect(document.components.securitySchemes).toHaveProperty('token');
});
