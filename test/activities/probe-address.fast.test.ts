import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkedAddress, isForbidden } from '../../activities/gateways/probe/address.ts';
import { askHttp } from '../../activities/gateways/probe/http.ts';
import { openPort } from '../../activities/gateways/probe/network.ts';

describe('an address that no probe connects to', () => {
  it.each([
    '169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192', '168.63.129.16', '0.0.0.0', '224.0.0.1', '255.255.255.255',
    '::', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254', 'ff02::1', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '::169.254.169.254',
    '0:0:0:0:0:ffff:a9fe:a9fe', '64:ff9b::169.254.169.254', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1', 'no address',
  ])('is %s', (address) => {
    expect(isForbidden(address)).toBe(true);
  }); // prettier-ignore

  it.each(['127.0.0.1', '::1', '10.0.0.8', '192.0.2.188', '2001:db8::1', '::ffff:10.0.0.8'])(
    'is not %s',
    (address) => {
      expect(isForbidden(address)).toBe(false);
    },
  );

  it.each([
    'metadata.google.internal', 'METADATA.google.internal.', 'instance-data', 'metadata', '169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376',
    '[::ffff:169.254.169.254]', '[fd00:ec2::254]',
  ])('is refused as %s', async (host) => {
    expect((await checkedAddress(host, 2000)).ok).toBe(false);
    expect((await openPort(host.replace(/^\[|\]$/g, ''), 80, 2000)).gone).toBe(false);
  }); // prettier-ignore
});

describe('an address that is asked', () => {
  let server: Server;
  const asked: string[] = [];
  let origin = '';
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.host}`);
      response.writeHead(302, { location: '/elsewhere' }).end('moved');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `localhost:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('gets one GET in the name that was asked for, and no redirect is followed', async () => {
    expect(await askHttp(`http://${origin}/health`, 302, 2000)).toEqual({
      gone: true,
      detail: `${origin} answers 302`,
    });
    expect(asked).toEqual([`GET /health ${origin}`]);
  });
});
