// Access tokens: short-lived EdDSA JWTs that say which account, device and session calls, and with which scope.
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { type Clock, MINUTE, type Ms, SECOND } from '../../shared/time.ts';
import { type Scope, SCOPES } from '../ledger/command.ts';
import { unauthenticated } from './caller.ts';
import type { SigningKeys } from './signing-keys.ts';

export const ACCESS_TOKEN_LIFE: Ms = 10 * MINUTE;
const ISSUER = 'io-glance';
const AUDIENCE = 'io-glance';
/** Verified tokens are remembered, so that a device's thousandth request costs no signature check. */
const REMEMBERED = 10_000;
const MAX_TOKEN_LENGTH = 2048;

const Claims = z.object({
  sub: z.string(),
  did: z.string(),
  sid: z.string(),
  scope: z.enum(SCOPES),
  exp: z.number().int(),
});

export interface AccessClaims {
  /** Account of an `account` principal, else the principal. */
  subject: string;
  device: string;
  session: string;
  scope: Scope;
  expiresAt: Ms;
}

export interface AccessTokens {
  issue(claims: Omit<AccessClaims, 'expiresAt'>): Promise<string>;
  /** Checks signature, issuer, audience and times. @throws Refusal `unauthenticated` */
  verify(token: string): Promise<AccessClaims>;
}

export function createAccessTokens(keys: SigningKeys, clock: Clock): AccessTokens {
  const verified = new Map<string, AccessClaims>();

  async function check(token: string): Promise<AccessClaims> {
    const { payload } = await jwtVerify(
      token,
      async (header) => {
        const key = header.kid ? await keys.find(header.kid) : null;
        if (!key) throw unauthenticated();
        return key;
      },
      {
        algorithms: ['EdDSA'],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'iat'],
        currentDate: new Date(clock.now()),
      },
    );
    const { sub, did, sid, scope, exp } = Claims.parse(payload);
    return { subject: sub, device: did, session: sid, scope, expiresAt: exp * SECOND };
  }

  return {
    async issue({ subject, device, session, scope }) {
      const { kid, privateKey } = await keys.current();
      const now = Math.floor(clock.now() / SECOND);
      return new SignJWT({ did: device, sid: session, scope })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid })
        .setSubject(subject)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(now)
        .setExpirationTime(now + ACCESS_TOKEN_LIFE / SECOND)
        .sign(privateKey);
    },

    async verify(token) {
      if (token.length > MAX_TOKEN_LENGTH) throw unauthenticated();
      let claims = verified.get(token);
      if (!claims) {
        try {
          claims = await check(token);
        } catch (error) {
          if (error instanceof errors.JOSEError || error instanceof z.ZodError) throw unauthenticated();
          throw error;
        }
        // The oldest goes first; a token in use is soon back.
        if (verified.size >= REMEMBERED) verified.delete(verified.keys().next().value ?? '');
        verified.set(token, claims);
      }
      if (claims.expiresAt <= clock.now()) {
        verified.delete(token);
        throw unauthenticated('The access token has ended. Refresh it.');
      }
      return claims;
    },
  };
}
