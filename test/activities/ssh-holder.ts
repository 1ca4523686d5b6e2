import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse } from 'yaml';
import { openSsh } from '../../activities/gateways/ssh/layer.ts';
import { estateSchema } from '../../domain/estate.ts';
import { host } from './ssh-fixture.ts';

/** A process that opens a connection and then waits to be killed. Arguments: the estate file, the state folder. */
const [, , estateFile = '', home = ''] = process.argv;
const estate = estateSchema.parse(parse(await readFile(estateFile, 'utf8')));
const ssh = openSsh({ estate, estateDir: dirname(estateFile), home });
const result = await ssh.run({ host, argv: ['true'], timeoutMs: 30_000 });
console.log(result.kind === 'done' ? 'ready' : result.message);
setInterval(() => undefined, 60_000);
