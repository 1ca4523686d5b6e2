import { z } from 'zod';
import { readYaml } from './repository-file.ts';

/** As much of the Compose format as docker-compose.yml uses; anything else in a service is kept as it is. */
const serviceSchema = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string().nullable()).default({}),
  restart: z.string(),
  healthcheck: z.looseObject({ test: z.array(z.string()).min(2) }).optional(),
  depends_on: z.record(z.string(), z.looseObject({ condition: z.string() })).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.union([z.string(), z.looseObject({ type: z.string() })])).default([]),
  secrets: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  security_opt: z.array(z.string()).default([]),
  privileged: z.boolean().optional(),
  profiles: z.array(z.string()).default([]),
});

const composeSchema = z.looseObject({
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() }).nullable()),
  volumes: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
});

export const compose = composeSchema.parse(readYaml('docker-compose.yml'));
export type Service = z.infer<typeof serviceSchema>;

export const services = Object.entries(compose.services).map(([name, service]) => ({ name, ...service }));

/** A service that does one thing and ends. */
export const isOneShot = (service: Service): boolean => service.restart.startsWith('on-failure');

/** Those that run this project's image. */
export const ourServices = services.filter((service) => service.image.startsWith('autoheal:'));
