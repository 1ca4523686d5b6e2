/**
 * Texts as programs, tools and people write them, labelled: what in each is the secret. All of them are made up.
 * Each kind of writing once or twice; `quality.test.ts` holds the share that is found to a floor.
 */
export interface Planted {
  text: string;
  secret: string;
}

const of =
  (secret: string) =>
  (...texts: string[]): Planted[] =>
    texts.map((text) => ({ text: text.replaceAll('§', secret), secret }));

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (length: number): string =>
  '3f2a1b9c0d1e4f5a6b7c8d9e0f1a2b3c4d5e6f70a1b2c3d4e5f6a7b8c9d0e1f2'.slice(0, length);
const mixed = (length: number): string =>
  'Qz7Kp2Xw9Lm4Rt6Vb8Nc3Yd5Hf1Jg0SaEuIoTqWePrZxCvBnMlKjHgFdS'.repeat(4).slice(0, length);
const json = (value: unknown): string => JSON.stringify(value);

/** A name and its value, as configuration, environments and logs have them. */
const named = [
  ...of('hunter2')('password=§', 'password = §', 'password: §', 'Password:§', 'db.password=§ db.user=momo', 'login failed, password: §', 'pwd=§;uid=sa'),
  ...of('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')(
    'aws_secret_access_key = §', '[default]\naws_access_key_id = x\naws_secret_access_key = §\nregion = eu', 'AWS_SECRET_ACCESS_KEY=§', 'aws_secret_access_key            = §',
    '"SecretAccessKey": "§",', 'aws configure set aws_secret_access_key §',
  ),
  ...of('P@ss,w0rd;x')('export DB_PASSWORD="§"', "DB_PASSWORD='§'"),
  ...of('P@ss,w0rd')('Server=db;User Id=sa;Password=§;Encrypt=true', 'Data Source=db;Password=§', 'jdbc:sqlserver://db:1433;databaseName=x;user=sa;password=§;', '"ConnectionStrings": { "Default": "Host=db;Username=momo;Password=§;Database=x" }'),
  ...of('correct horse battery')('Server=db;Password=§;User=x', 'password: §', 'passphrase = §', "ALTER USER momo PASSWORD '§'", 'Password=§'),
  ...of('s3cr3t!')('POSTGRES_PASSWORD = §', 'POSTGRES_PASSWORD=§', '  - POSTGRES_PASSWORD=§', 'ENV POSTGRES_PASSWORD=§', 'web-1  | DB_PASS=§', '$env:DB_PASSWORD = "§"', 'set DB_PASSWORD=§', 'setx DB_PASSWORD "§"', 'POSTGRES_PASSWORD:§', '-e POSTGRES_PASSWORD=§ postgres:16', 'environment: {DB_PASSWORD: §, DB_USER: momo}'),
  ...of('值abc123')('password：§', '密碼：§', '密碼＝§', '密码: §', '資料庫密碼是 §，請更換', '「密碼」：「§」', 'ｐａｓｓｗｏｒｄ＝§'),
  ...of('Tr0ub4dor')('\u001b[36mpassword\u001b[0m=§', '\u001b[1mpassword\u001b[0m: \u001b[32m§\u001b[0m', 'pass\u200bword=§', '\u001b[33mDB_PASSWORD\u001b[39m=\u001b[1m§\u001b[22m'),
  ...of('Tr0ub4dor&3')('{"password":"§"}', '{"user":"x","password":"§","n":1}', json(json({ password: 'Tr0ub4dor&3' })), json(json(json({ password: 'Tr0ub4dor&3' }))), "{'password': '§'}", "{'password': b'§'}", 'Config(user="x", password="§")', '{:password=>"§"}', "'password' => '§',", 'password: "§"', '{password,"§"}', '{password,<<"§">>}', 'map[password:§ user:x]', '{Host:db Password:§ Port:5432}', 'Credentials{password=§, user=x}', '{“password”: “§”}', '("password", "§")', "[('password', '§')]", '{"passwords": ["§"]}', '{\n  "password":\n    "§"\n}', "password='§", 'password="§'),
  ...of('48151623')('{"password": 48151623}', '{"pin_password":48151623,"a":1}'),
  ...of('line-one-of-it')('password: |\n  §\n  and two\nuser: x', 'secret: >-\n    §\nnext: 1', 'password:\n  §\nuser: x', 'token: |2\n   §'),
  ...of('Zx9_secretvalue')('client_secret=§&grant_type=x', 'https://h/cb?access_token=§&state=1', 'secret_id: §', '//registry.npmjs.org/:_authToken=§', '_password = §', 'APP_KEY=base64:§', 'api-key: §', 'X-Api-Key: §', 'x-auth-token: §', 'apiKey=§', 'Api Key: none, apiKey: §', 'consumerSecret = "§"', 'spring.datasource.password=§', 'hibernate.connection.password §x'.replace(' §x', '=§'), 'sasl.jaas.config=org.apache.kafka PlainLoginModule required username="x" password="§";', 'ldap.bindpw: §', 'bindpw §', 'rootpw §', 'requirepass §', 'masterauth §', 'maxmemory 1gb\nrequirepass "§"\n', 'password%3D§%26user%3Dx', '%22password%22%3A%22§%22', '&quot;password&quot;:&quot;§&quot;', 'DETAIL:  Key (reset_token)=(§) already exists.', '${DB_PASSWORD:-§}', 'secrets: §', 'passcode=§', 'WIREGUARD PrivateKey = §', 'psk=§', 'otp: §', 'JWT_SECRET=§', 'session_key=§', 'DB_PASSWORD_OLD=§', 'db_password_2: §', 'SSHPASS=§', 'MYSQL_PWD=§', 'contraseña: §', 'Passwort: §'),
]; // prettier-ignore

/** Markup and pairs of a name and a value that stand apart. */
const apart = [
  ...of('M4rkup!secret')('<password>§</password>', '<db:password type="text">§</db:password>', '<add key="Password" value="§" />', '<property name="hibernate.password">§</property>', '<property name="password" value="§"/>', '<string name="api_key">§</string>', '<key>password</key>\n<string>§</string>', '&lt;password&gt;§&lt;/password&gt;', '<password><![CDATA[§]]></password>', '{"name": "DB_PASSWORD", "value": "§"}', '- name: DB_PASSWORD\n  value: §\n', '- name: DB_PASSWORD\n  value: "§"\n', 'ParameterKey=DbPassword,ParameterValue=§', '{"Key":"password","Value":"§"}', '<input type="hidden" name="csrf_token" value="§">', "INSERT INTO users (id, email, password) VALUES (1, 'a@b.c', '§')", 'INSERT INTO users ("name","password_hash") VALUES (\'x\', \'y\'), (\'z\', \'§\')', "CREATE USER x IDENTIFIED BY '§'", 'CREATE USER x IDENTIFIED WITH mysql_native_password BY \'§\';', "ALTER ROLE x WITH ENCRYPTED PASSWORD '§'", "UPDATE users SET password = '§' WHERE id = 1", "SET PASSWORD FOR x = PASSWORD('§')", "[parameters: {'email': 'a@b', 'password': '§'}]"),
]; // prettier-ignore

/** Command lines. */
const commands = [
  ...of('0pti0n-x')('mysql -uroot -p§ momo', "mysqldump -u root -p'§' momo > x", 'mysql --password=§', 'mysql --password §', 'sshpass -p § ssh x', 'sshpass -p§ ssh x', "sshpass -p '§' scp a b", 'curl -u admin:§ https://h', 'curl --user admin:§ https://h', "curl -u 'admin:§' https://h", 'curl -sSf -u admin:§ https://h', 'curl -U p:§ -x http://proxy https://h', 'redis-cli -h cache -a § ping', 'redis-cli --pass § ping', 'ldapsearch -x -D cn=admin -w § -b dc=x', 'ldapsearch -w§ -x', 'docker login -u x -p § ghcr.io', 'docker login --password § -u x', 'sqlcmd -S db -U sa -P § -Q x', 'mongosh -u x -p § --authenticationDatabase admin', 'mongodump --password=§ --db x', 'unzip -P § a.zip', '7z x a.7z -p§', 'openssl rsa -passin pass:§ -in k', 'smbclient //h/s -U user%§', 'ipmitool -H h -U x -P § power status', 'snmpwalk -v3 -u x -A § h', 'xfreerdp /u:x /p:§ /v:h', 'keytool -list -storepass § -keystore k', 'http -a admin:§ GET h', 'lftp -u user,§ sftp://h', '["mysql", "-u", "root", "--password", "§"]', '"Cmd": ["redis-server", "--requirepass", "§"]', '"Cmd": ["redis-cli", "-a", "§"]', 'java -Ddb.password=§ -jar a.jar', 'kubectl create secret generic x --from-literal=password=§', 'vault kv put secret/x password=§', 'wget --http-password=§ https://h', 'gpg --batch --passphrase § -d f', 'nmcli dev wifi connect x password §', 'ansible-playbook x.yml -e db_password=§', 'helm upgrade x y --set db.password=§', 'mosquitto_pub -u x -P § -t t', 'cqlsh -u x -p § h', 'psql "host=db user=x password=§ dbname=y"', '+ PGPASSWORD=§ psql -h db', 'sudo -u postgres env PGPASSWORD=§ psql'),
]; // prettier-ignore

/** Addresses. */
const addresses = [
  ...of('p4ss-w0rd')('postgres://momo:§@momo-postgres:5432/momo', 'could not connect to redis://:§@cache:6379/0', 'amqp://guest:§@mq//', 'mongodb+srv://u:§@h.mongodb.net/x?y=z', 'https://user:§@github.com/a/b.git', 'momo:§@tcp(127.0.0.1:3306)/momo?parseTime=true', 'jdbc:oracle:thin:scott/§@//h:1521/x', 'sqlplus scott/§@orcl', 'jdbc:mysql://h/db?user=x&password=§&useSSL=false', 'ftp://u:§@h/x', 'smtp://u:§@mail:587', 'git remote add origin https://oauth2:§@gitlab.com/x', 'DATABASE_URL=postgres://u:§@h/x', 'dsn="u:§@tcp(h)/d"', 'momo:§@db.internal:5432'),
  ...of("it's'quoted@x")('postgres://momo:§@db/x'),
  ...of(`long${mixed(200).repeat(3)}`)('postgres://momo:§@db/x'),
  ...of('p%40ss%2Fw')('postgres://momo:§@db/x'),
  ...of(hex(64))('https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=§&X-Amz-Date=1', 'https://storage.googleapis.com/b/k?X-Goog-Signature=§', 'AWS4-HMAC-SHA256 Credential=x/20260101/eu/s3/aws4_request, SignedHeaders=host, Signature=§'),
  ...of('aB3%2Fx9Kd0Qw7Lm4Rt6Vb8%3D')('https://x.blob.core.windows.net/c/b?sv=2022&sig=§&se=1', 'SharedAccessSignature sr=x&sig=§&se=1'),
  ...of(mixed(24))('https://hooks.slack.com/services/T0001/B0001/§', 'https://discord.com/api/webhooks/123456789012345678/§', 'https://example.webhook.office.com/webhookb2/§', 'https://§@sentry.example.com/1', 'https://maker.ifttt.com/trigger/x/with/key/§', 'https://h/callback?code=§&state=1', 'AccountName=x;AccountKey=§==;EndpointSuffix=core.windows.net', 'Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=y;SharedAccessKey=§='),
  ...of('1b2c3d4e-5f6a-7b8c-9d0e-1f2a3b4c5d6e')('https://open.feishu.cn/open-apis/bot/v2/hook/§', 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=§', 'https://hc-ping.com/§'),
]; // prettier-ignore

/** Headers. */
const headers = [
  ...of(mixed(32))('Authorization: Bearer §', "-H 'Authorization: Bearer §' https://h", '"Authorization": "Bearer §"', 'authorization: token §', 'sent bearer § along', "{'Authorization': 'Basic §'}", 'Proxy-Authorization: Basic §', 'Authorization: §', 'Set-Cookie: sid=§; Path=/; HttpOnly', 'Cookie: theme=dark; session=§', '"cookie":"sid=§"', 'JSESSIONID=§', 'AUTH PLAIN §', 'X-Vault-Token: §', 'PRIVATE-TOKEN: §', "headers={'X-Auth-Token': '§'}", '["Authorization","Bearer §"]', '> authorization: Bearer §'),
  ...of(hex(32))('Authorization: Digest username="x", realm="y", nonce="z", uri="/", response="§"'),
]; // prettier-ignore

/** Files of keys and of credentials. */
const files = [
  ...of(mixed(64))('-----BEGIN RSA PRIVATE KEY-----\n§\n-----END RSA PRIVATE KEY-----', '-----BEGIN OPENSSH PRIVATE KEY-----\n§', '"private_key": "-----BEGIN PRIVATE KEY-----\\n§\\n-----END PRIVATE KEY-----\\n"', 'x\n§\n-----END PRIVATE KEY-----', '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n§\n-----END PGP PRIVATE KEY BLOCK-----', '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n§\n---- END SSH2 ENCRYPTED PRIVATE KEY ----', 'PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n§\nPrivate-MAC: x'),
  ...of('pgp4ss')('momo-postgres:5432:momo:momo:§', '*:*:*:momo:§', 'machine api.example.com login x password §', 'machine h\n  login x\n  password §\n'),
  ...of(b64('momo:hunter2hunter2'))('{"auths":{"ghcr.io":{"auth":"§"}}}', '//registry/:_auth=§', 'auth: §', 'Authorization: Basic §'),
  ...of(b64('postgres://momo:hunter2@db:5432/momo'))('DATABASE: §', 'data:\n  url: §', 'value is § there'),
  ...of(b64('whatever-it-is-9'))('apiVersion: v1\nkind: Secret\ndata:\n  anything: §\n'),
  ...of('9Lm4Rt6Vb8Nc3Yd5Hf1Jg0')('{"Env": ["PATH=/bin", "ANYTHING=§"]}', '                "ANYTHING=§",\n                "B=c"\n            ],'),
  ...of('$apr1$Zx9kQ2$8Qv1pXh7k3mP0rT5uW6yZ.')('admin:§'),
  ...of('$6$rounds=5000$saltsalt$Kj8mN2pQ4rS6tU8vW0xY2zA4bC6dE8fG')('root:§:19000:0:99999:7:::'),
  ...of('$2b$12$KIXQ8v7Zp9mN2rT4uW6yZeOq3sD5fG7hJ9kL1xC3vB5nM7qW9eR1t')('hash § of x', '"hash": "§"'),
  ...of('$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo')('got §'),
  ...of('pbkdf2_sha256$260000$saltsaltsalt$Zm9vYmFyYmF6cXV4Zm9vYmFy')('row: §'),
  ...of('{SSHA}Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6')('userPassword: §', 'ldif § end'),
  ...of('SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVka2V5:c2VydmVya2V5')("rolpassword '§'"),
]; // prettier-ignore

/** What services give out today: each in a sentence, where only its form tells it. */
const tokens = [
  'AKIA' + 'Z7K2X9L4R6V8N3Y5', 'ASIA' + 'Z7K2X9L4R6V8N3Y5', 'AIza' + mixed(35), 'ya29.' + mixed(60), 'GOCSPX-' + mixed(28), '1//0' + mixed(60),
  'ghp_' + mixed(36), 'gho_' + mixed(36), 'ghs_' + mixed(36), 'github_pat_' + mixed(60), 'glpat-' + mixed(20), 'glrt-' + mixed(20), 'gldt-' + mixed(20), 'glptt-' + hex(40),
  'xoxb-123456789012-' + mixed(24), 'xoxp-1234-5678-' + mixed(24), 'xapp-1-A01-' + mixed(30), 'sk_live_' + mixed(24), 'rk_live_' + mixed(24), 'whsec_' + mixed(32),
  'sk-' + mixed(48), 'sk-proj-' + mixed(60), 'sk-ant-api03-' + mixed(60), 'hf_' + mixed(34), 'r8_' + mixed(37), 'gsk_' + mixed(52), 'pplx-' + mixed(48), 'xai-' + mixed(60),
  'dop_v1_' + hex(64), 'pypi-AgEIcHlwaS5vcmc' + mixed(60), 'npm_' + mixed(36), 'rubygems_' + hex(48), 'dckr_pat_' + mixed(27), 'glsa_' + mixed(32) + '_' + hex(8), 'dapi' + hex(32),
  'sntrys_' + mixed(60), 'NRAK-' + 'Z7K2X9L4R6V8N3Y5Z7K2X9L4R6V', 'SG.' + mixed(22) + '.' + mixed(43), 'key-' + hex(32), hex(32) + '-us12', 'shpat_' + hex(32), 'sq0atp-' + mixed(22),
  'ATATT3xFfGF0' + mixed(100), 'ATBB' + mixed(32), 'lin_api_' + mixed(40), 'secret_' + mixed(43), 'ntn_' + mixed(46), 'figd_' + mixed(40), 'PMAK-' + hex(24) + '-' + hex(34),
  'dp.pt.' + mixed(43), 'hvs.' + mixed(90), 'pul-' + hex(40), 'fo1_' + mixed(43), 'nfp_' + mixed(36), 'sbp_' + hex(40), 'pscale_tkn_' + mixed(43), 'tskey-auth-' + mixed(17) + '-' + mixed(32),
  'CCIPAT_' + mixed(22) + '_' + hex(40), 'AGE-SECRET-KEY-1' + 'QZ7KP2XW9LM4RT6VB8NC3YD5HF1JG0SAEUIOTQWEPRZXCVBNMLKJHGFD'.slice(0, 58), 'sqp_' + hex(40), 'EAAA' + mixed(60), 'LTAI' + mixed(20),
  '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw' + 'x', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.' + mixed(43), 'MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.' + mixed(27), 'a1B8Q~' + mixed(34), 'patZx9Kd0Qw7Lm4Rt.' + hex(64), mixed(14) + '.atlasv1.' + mixed(60),
  'sdk-' + '1b2c3d4e-5f6a-7b8c-9d0e-1f2a3b4c5d6e', 'xkeysib-' + hex(64) + '-' + mixed(16), 'ops_eyJ' + mixed(100), 'cfut_' + mixed(40), 'rzp_live_' + mixed(14), 'HRKU-' + mixed(40), 'shippo_live_' + hex(40), 'duffel_live_' + mixed(43), 'jina_' + mixed(40), 'tvly-' + mixed(32), 'nvapi-' + mixed(60), 'lsv2_pt_' + hex(32) + '_' + hex(10),
].flatMap((secret) => of(secret)('the key § is not active')); // prettier-ignore

export const planted: readonly Planted[] = [
  ...named,
  ...apart,
  ...commands,
  ...addresses,
  ...headers,
  ...files,
  ...tokens,
];

/** Texts without a secret in them, of the kinds that look as if they had one. Nothing of them may change. */
export const harmless: readonly string[] = [
  'psycopg2.OperationalError: could not translate host name "momo-postgres" to address: Name or service not known',
  'password authentication failed for user "momo"', 'FATAL: no password supplied', 'fe_sendauth: no password supplied', 'FATAL:  password authentication failed for user "momo2"',
  'Basic authentication required for this token type', 'SyntaxError: Unexpected token } in JSON at position 4', "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", 'SyntaxError: Unexpected token : in JSON at position 4', 'Unexpected token = in x',
  "KeyError: 'token'", 'max_tokens=4096 bypass=1 compass=north', 'total_tokens: 512, prompt_tokens: 100', '{"usage":{"tokens":512,"max_tokens":4096}}', 'nextPageToken=CAUQAA&page=2', 'pass=12 fail=0 skip=1', '--- PASS: TestLogin (0.00s)', '12 passed, 1 failed',
  'http://localhost:3000/@user/x?page=2&sort=name', 'ssh://git@github.com/a/b.git', 'git@github.com:momo/app.git', 'https://medium.com/@ada/story-12', 'image momo/app:2026.4@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 'mail to ops@example.com, cc: it@example.com',
  'File "/app/secret/token.py", line 12, in read_password', '    password = config["db"]["password"]', '    conn = psycopg2.connect(host=host, password=password)', '    token = request.headers.get("X-Auth")', '    raise AuthError(token=None)', '    secret = os.environ["APP_SECRET"]', '    self.password = password', '    const token = await getToken();', '    api_key=settings.API_KEY,',
  'secret: null', 'password=None', 'token=undefined', 'api_key: missing', 'authorization: none', 'sig=SIGTERM', 'session_key_id=42', '"password": null', '"token": ""', "password=''", 'password: ********', 'DB_PASSWORD=[FILTERED]', 'password=${DB_PASSWORD}', 'POSTGRES_PASSWORD_FILE=/run/secrets/pg', 'password: <redacted>', 'token: expired', 'password: must be at least 8 characters', 'Invalid password: too short', 'apiKey is required', 'error: password: incorrect', 'secret: not found', 'token: str', 'password: Optional[str] = None',
  'connection to server at "momo-postgres" (172.18.0.3), port 5432 failed', 'docker restart -t 10 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 'docker run -p 8080:80 -u 1000:1000 nginx', 'order 123456789:12 took 30s', 'commit 3f2a1b9c0d1e4f5a6b7c8d9e0f1a2b3c4d5e6f70', 'public_key=ssh-ed25519 primary_key=5 keyboard=us monkey: no', 'at Object.<anonymous> (/app/index.js:10:5)', 'src/app.ts:12:5:error:unused',
  '資料庫連線失敗：無法解析主機名稱 momo-postgres', '使用者 momo 的密碼認證失敗', '權杖已過期', '{"status": "unhealthy", "FailingStreak": 3}', 'PWD=/app', 'request_id=7f3a9c2e1b4d5f60', 'trace_id: 4bf92f3577b34da6a3ce929d0e0e4736', 'uuid 1b2c3d4e-5f6a-7b8c-9d0e-1f2a3b4c5d6e', '2026-04-19T03:00:00Z ERROR db: timeout after 30s', 'INSERT INTO logs (id, message) VALUES (1, \'ok\')', '<name>password</name>', 'the password was changed', 'password is invalid', 'token_type=bearer', 'columns: ["id", "password", "email"]', "['password', 'email', 'name']", 'GET /reset-password?lang=en 200', 'key=value; other=1', '-----BEGIN CERTIFICATE-----', 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 'mysql: [Warning] Using a password on the command line interface can be insecure.', 'ssh -p 2222 ollama@192.0.2.188', 'tar -xzf a.tgz -C /tmp', 'curl -u admin https://h', 'Cookie consent: accepted', 'eyJ is how such a token begins', 'skip-this-long-step-name-in-the-list-please', 'session_id_length=32', 'TOKEN_TTL=3600', 'PASSWORD_MIN_LENGTH=12', 'secret_name: momo-db', 'access_key_id: none', 'credentials: include', 'KEY_ROTATION_DAYS=90', 'auth: disabled', 'auth=basic', 'dependency: passport@0.6.0', 'npm ERR! notarget No matching version found for pass@^2.0.0',
]; // prettier-ignore
