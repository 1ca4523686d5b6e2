// The lab's docker: hands its arguments to the lab's container engine and prints what that answers.
import { connect } from 'node:net';
import process from 'node:process';

const { LAB_ENGINE, LAB_COMMAND_ID } = process.env;
const connection = connect(LAB_ENGINE ?? '');
const cannot = () => {
  process.stderr.write('Cannot connect to the Docker daemon. Is the docker daemon running?\n');
  process.exitCode = 1;
};
let received = '';
connection.setEncoding('utf8');
connection.on('error', cannot);
connection.on('data', (text) => (received += text));
connection.on('end', () => {
  if (received === '') return cannot();
  const { exitCode, stdout, stderr } = JSON.parse(received);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exitCode;
});
const commandId = LAB_COMMAND_ID === undefined ? null : Number(LAB_COMMAND_ID);
connection.write(`${JSON.stringify({ argv: process.argv.slice(2), commandId })}\n`);
