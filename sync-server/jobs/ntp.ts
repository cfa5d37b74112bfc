// Asks an NTP server for the time (SNTP, RFC 4330): one datagram there, one back.
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { type Ms, SECOND } from '../../shared/time.ts';

const PORT = 123;
const ANSWER_WITHIN: Ms = 2 * SECOND;
const LENGTH = 48;
/** No warning, version 4, client. */
const ASK = 0x23;
const SERVER_MODE = 4;
const UNSYNCHRONISED = 3;
/** From 1900, where NTP counts from, to 1970. */
const TO_UNIX = 2_208_988_800;

/** The server was not heard, or cannot tell the time. */
export class NtpError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NtpError';
  }
}

/**
 * What a server says the time is, at the moment it answered.
 * @param token eight bytes that the answer must repeat, so that nobody else can give it
 * @throws NtpError
 */
export async function askNtp(host: string, token: Uint8Array, port = PORT): Promise<Ms> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const late = setTimeout(() => reject(new NtpError(`${host} did not answer.`)), ANSWER_WITHIN);
  socket.on('error', (error) => reject(new NtpError(`${host} cannot be asked (${error.message}).`)));
  socket.on('message', (answer) => {
    if (answer.length >= LENGTH && answer.subarray(24, 32).equals(token)) resolve(answer);
  });
  try {
    const question = Buffer.alloc(LENGTH);
    question[0] = ASK;
    question.set(token, 40);
    socket.send(question, port, host, (error) => {
      if (error) reject(new NtpError(`${host} cannot be asked (${error.message}).`));
    });
    return timeIn(await promise, host);
  } finally {
    clearTimeout(late);
    socket.close();
  }
}

function timeIn(answer: Buffer, host: string): Ms {
  const [first, stratum] = [answer.readUInt8(0), answer.readUInt8(1)];
  if ((first & 7) !== SERVER_MODE || first >> 6 === UNSYNCHRONISED || stratum === 0 || stratum > 15) {
    throw new NtpError(`${host} cannot tell the time.`);
  }
  const seconds = answer.readUInt32BE(40) - TO_UNIX;
  const fraction = answer.readUInt32BE(44) / 2 ** 32;
  return (seconds + fraction) * SECOND;
}
