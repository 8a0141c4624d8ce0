import { z } from 'zod'

const base64url = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/)

const credential = {
  id: base64url(1400),
  rawId: base64url(1400),
  type: z.literal('public-key'),
  authenticatorAttachment: z
    .enum(['cross-platform', 'platform'])
    .nullish()
    .transform((it) => it ?? undefined),
}

const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const

/** RegistrationResponseJSON (WebAuthn level 3, section 5.1), as a browser sends it; what is not used is dropped. */
export const RegistrationResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url(4096),
    attestationObject: base64url(32_768),
    transports: z
      .array(z.string().max(32))
      .max(16)
      .optional()
      .transform((given) => TRANSPORTS.filter((known) => given?.includes(known))),
  }),
})
export type RegistrationResponse = z.output<typeof RegistrationResponse>

/** AuthenticationResponseJSON (WebAuthn level 3, section 5.1). */
export const AuthenticationResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url(4096),
    authenticatorData: base64url(4096),
    signature: base64url(1024),
    userHandle: base64url(128)
      .nullish()
      .transform((it) => it ?? undefined),
  }),
})
export type AuthenticationResponse = z.output<typeof AuthenticationResponse>
