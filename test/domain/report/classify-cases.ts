/** Failures as the programs print them, and what they are. `facts` are compared whole where they are given. */
export interface ClassifyCase {
  message: string;
  type?: string;
  traceback?: string;
  expect: string;
  facts?: Record<string, string>;
}

const c = (expect: string, message: string, rest: Partial<ClassifyCase> = {}): ClassifyCase => ({
  message,
  expect,
  ...rest,
});

export const classifyCases: readonly ClassifyCase[] = [
  // ADR-013, the case that it was written for
  c('DNS_FAIL', 'could not translate host name "momo-postgres" to address: Name or service not known', {
    type: 'psycopg2.OperationalError',
    facts: { name: 'momo-postgres' },
  }),
  c('DNS_FAIL', '(psycopg2.OperationalError) could not translate host name "db" to address: Temporary failure in name resolution\n\n(Background on this error at: https://sqlalche.me/e/20/e3q8)', { type: 'sqlalchemy.exc.OperationalError', facts: { name: 'db' } }),
  c('DNS_FAIL', 'getaddrinfo ENOTFOUND momo-postgres', { type: 'Error', facts: { name: 'momo-postgres' } }),
  c('DNS_FAIL', 'getaddrinfo EAI_AGAIN api.example.com', { facts: { name: 'api.example.com' } }),
  c('DNS_FAIL', '[Errno -2] Name or service not known', { type: 'socket.gaierror' }),
  c('DNS_FAIL', '[Errno -3] Temporary failure in name resolution'),
  c('DNS_FAIL', 'curl: (6) Could not resolve host: ollama', { facts: { name: 'ollama' } }),
  c('DNS_FAIL', "HTTPConnectionPool(host='ollama-188', port=11434): Max retries exceeded with url: /api (Caused by NameResolutionError(\"<urllib3.connection.HTTPConnection object at 0x7f>: Failed to resolve 'ollama-188' ([Errno -2] Name or service not known)\"))", { type: 'requests.exceptions.ConnectionError', facts: { name: 'ollama-188' } }),
  c('DNS_FAIL', 'dial tcp: lookup momo-db on 127.0.0.11:53: no such host', { facts: { name: 'momo-db' } }),
  c('DNS_FAIL', 'The connection attempt failed.', { type: 'org.postgresql.util.PSQLException', traceback: 'org.postgresql.util.PSQLException: The connection attempt failed.\n\tat org.postgresql.core.v3.ConnectionFactoryImpl.openConnectionImpl(ConnectionFactoryImpl.java:331)\nCaused by: java.net.UnknownHostException: momo-postgres\n\tat java.base/sun.nio.ch.NioSocketImpl.connect(NioSocketImpl.java:567)\n', facts: { name: 'momo-postgres' } }),

  c('DB_UNREACHABLE', 'could not connect to server: Connection refused\n\tIs the server running on host "momo-postgres" (172.18.0.3) and accepting\n\tTCP/IP connections on port 5432?', { type: 'psycopg2.OperationalError', facts: { host: 'momo-postgres', port: '5432' } }),
  c('DB_UNREACHABLE', 'connection to server at "momo-postgres" (172.18.0.3), port 5432 failed: Connection refused', { facts: { host: 'momo-postgres', port: '5432' } }),
  c('DB_UNREACHABLE', 'server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally'),
  c('DB_UNREACHABLE', 'FATAL:  the database system is starting up', { type: 'psycopg2.OperationalError' }),
  c('DB_UNREACHABLE', 'the database system is shutting down', { type: 'asyncpg.exceptions.CannotConnectNowError' }),
  c('DB_UNREACHABLE', 'terminating connection due to administrator command'),
  c('DB_UNREACHABLE', 'connect ECONNREFUSED 172.18.0.3:5432', { type: 'Error', facts: { host: '172.18.0.3', port: '5432' } }),
  c('DB_UNREACHABLE', "[Errno 111] Connect call failed ('172.18.0.3', 5432)", { type: 'ConnectionRefusedError', facts: { host: '172.18.0.3', port: '5432' } }),
  c('DB_UNREACHABLE', 'Connection terminated unexpectedly', { type: 'Error' }),
  c('DB_UNREACHABLE', 'Connection to momo-postgres:5432 refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections.', { type: 'org.postgresql.util.PSQLException', facts: { host: 'momo-postgres', port: '5432' } }),
  c('DB_UNREACHABLE', 'FATAL: sorry, too many clients already'),
  c('DB_UNREACHABLE', 'QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00', { type: 'sqlalchemy.exc.TimeoutError' }),
  c('DB_UNREACHABLE', 'connection was closed in the middle of operation', { type: 'asyncpg.exceptions.ConnectionDoesNotExistError' }),
  c('DB_UNREACHABLE', 'dial tcp 172.18.0.3:5432: connect: connection refused', { facts: { host: '172.18.0.3', port: '5432' } }),

  c('AUTH_FAILED', 'connection to server at "momo-postgres" (172.18.0.3), port 5432 failed: FATAL:  password authentication failed for user "momo"', { type: 'psycopg2.OperationalError' }),
  c('AUTH_FAILED', 'no pg_hba.conf entry for host "172.18.0.9", user "momo", database "momo", no encryption'),
  c('AUTH_FAILED', "Access denied for user 'momo'@'172.18.0.9' (using password: YES)"),
  c('AUTH_FAILED', '401 Client Error: Unauthorized for url: https://api.example.com/v1', { type: 'requests.exceptions.HTTPError' }),
  c('AUTH_FAILED', 'Request failed with status code 403', { type: 'AxiosError' }),
  c('AUTH_FAILED', 'wooo@192.0.2.110: Permission denied (publickey).'),

  c('CERT_EXPIRED', 'x509: certificate has expired or is not yet valid: current time 2026-04-19T03:00:00Z is after 2026-04-18T00:00:00Z'),
  c('CERT_EXPIRED', '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1007)', { type: 'ssl.SSLCertVerificationError' }),
  c('CERT_EXPIRED', 'certificate has expired', { type: 'Error', traceback: "Error: certificate has expired {\n  code: 'CERT_HAS_EXPIRED'\n}" }),

  c('DISK_FULL', "[Errno 28] No space left on device: '/var/lib/momo/x'", { type: 'OSError' }),
  c('DISK_FULL', 'ENOSPC: no space left on device, write', { type: 'Error' }),
  c('DISK_FULL', 'could not extend file "base/16384/2619": No space left on device'),

  c('OOM_KILLED', 'container momo-scheduler was OOM-killed', { facts: { container: 'momo-scheduler' } }),
  c('CONTAINER_EXITED', 'run_auto_import_task exited with code 137'),
  c('OOM_KILLED', 'Memory cgroup out of memory: Killed process 4711 (python)'),
  c('OOM_KILLED', 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'),

  c('CONTAINER_UNHEALTHY', 'container momo-scheduler is unhealthy', { facts: { container: 'momo-scheduler' } }),
  c('CONTAINER_UNHEALTHY', 'dependency failed to start: container momo-web-1 is unhealthy', { facts: { container: 'momo-web-1' } }),
  c('CONTAINER_UNHEALTHY', 'Up 3 hours (unhealthy)'),
  c('CONTAINER_EXITED', 'container momo-web exited', { facts: { container: 'momo-web' } }),
  c('CONTAINER_EXITED', 'Error response from daemon: Container 0123456789ab is not running'),
  c('CONTAINER_EXITED', 'momo-web Exited (1) 3 minutes ago'),
  c('CONTAINER_EXITED', 'CrashLoopBackOff'),

  c('RATE_LIMITED', '429 Client Error: Too Many Requests for url: https://api.example.com', { type: 'requests.exceptions.HTTPError' }),
  c('RATE_LIMITED', 'Request failed with status code 429'),
  c('RATE_LIMITED', 'rate limit exceeded, retry after 30s'),

  c('CONNECTION_REFUSED', 'connect ECONNREFUSED 127.0.0.1:6379', { facts: { host: '127.0.0.1', port: '6379' } }),
  c('CONNECTION_REFUSED', "HTTPConnectionPool(host='ollama', port=11434): Max retries exceeded with url: / (Caused by NewConnectionError('<x>: Failed to establish a new connection: [Errno 111] Connection refused'))", { facts: { host: 'ollama', port: '11434' } }),
  c('CONNECTION_REFUSED', 'Connection refused', { type: 'java.net.ConnectException' }),
  c('CONNECTION_REFUSED', 'curl: (7) Failed to connect to momo-web port 8080 after 2 ms: Connection refused', { facts: { host: 'momo-web', port: '8080' } }),

  c('UPSTREAM_TIMEOUT', "HTTPSConnectionPool(host='api.example.com', port=443): Read timed out. (read timeout=30)", { type: 'requests.exceptions.ReadTimeout', facts: { host: 'api.example.com', port: '443' } }),
  c('UPSTREAM_TIMEOUT', 'timeout of 30000ms exceeded while calling https://api.example.com/v1', { facts: { url: 'https://api.example.com/v1' } }),
  c('UPSTREAM_TIMEOUT', '504 Server Error: Gateway Time-out for url: https://api.example.com/x'),
  c('UPSTREAM_TIMEOUT', 'connect ETIMEDOUT 192.0.2.9:443', { facts: { host: '192.0.2.9', port: '443' } }),
  c('UPSTREAM_TIMEOUT', 'context deadline exceeded'),
  c('UPSTREAM_TIMEOUT', 'socket hang up'),

  c('CODE_ERROR', "'price'", { type: 'KeyError' }),
  c('CODE_ERROR', "unsupported operand type(s) for +: 'int' and 'str'", { type: 'TypeError' }),
  c('CODE_ERROR', "Cannot read properties of undefined (reading 'id')", { type: 'TypeError' }),
  c('CODE_ERROR', 'Cannot invoke "String.length()" because "s" is null', { type: 'java.lang.NullPointerException' }),
  c('CODE_ERROR', 'relation "playbooks" does not exist', { type: 'psycopg2.errors.UndefinedTable' }),
  c('CODE_ERROR', 'task failed', { traceback: "Traceback (most recent call last):\n  File \"/app/jobs.py\", line 12, in run\n    x = row['price']\nKeyError: 'price'\n" }),
  c('CODE_ERROR', "No module named 'jobs'", { type: 'ModuleNotFoundError' }),

  c('MONITORING_BLIND', 'DatasourceError: container momo-web is unhealthy', { type: 'DatasourceError' }),
  c('MONITORING_BLIND', '[FIRING:1] DatasourceNoData (momo-db is down)'),
  c('MONITORING_BLIND', 'monitoring is blind: container momo-web exited with code 3'),

  c('UNKNOWN', 'something odd happened'),
  c('UNKNOWN', 'the flux capacitor is at 88', { type: 'BusinessRuleBroken' }),
  c('UNKNOWN', 'order 404 was not found in stock'),
]; // prettier-ignore
