import type { z } from 'zod'
import type { mappingSchema } from './mapping.ts'

/** A mapping to begin from: `avouch weights sources --example`. */
export const EXAMPLE: z.input<typeof mappingSchema> = {
  models: [
    {
      model: 'example-model@1.0',
      segmentBytes: 1_048_576,
      objects: [
        {
          at: 's3://example-weights/example-model/1.0/model-00001-of-00002.safetensors',
          bytes: 4_294_967_296,
        },
        {
          at: 's3://example-weights/example-model/1.0/model-00002-of-00002.safetensors',
          bytes: 3_221_225_472,
        },
        { at: 's3://example-weights/example-model/1.0/*' },
        { at: 'gs://example-weights/example-model/1.0/*' },
      ],
      keys: [
        'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000000',
        'projects/example/locations/europe/keyRings/weights/cryptoKeys/example-model',
        'vault://transit/*/example-model',
        'vault://secret/data/weights/example-model',
      ],
    },
  ],
  principals: [
    {
      id: 'person-017',
      role: 'research',
      team: 'alignment',
      names: ['arn:aws:iam::111122223333:user/example-researcher', 'researcher-17@company.example'],
    },
    {
      id: 'research-$1',
      role: 'research',
      team: 'pretraining',
      names: ['arn:aws:sts::111122223333:assumed-role/ExampleResearch/*', '*@research.company.example'],
    },
    {
      id: 'workload-serving',
      kind: 'workload',
      role: 'serving',
      names: ['arn:aws:iam::111122223333:role/ExampleServing', 'serving@example.iam.gserviceaccount.com'],
    },
  ],
  environments: [
    { environment: 'serving-cluster', addresses: ['10.1.0.0/16'], networks: ['vpce-0example0serving'] },
    { environment: 'office', addresses: ['203.0.113.0/24', '2001:db8:7::/48'] },
  ],
  groups: [{ names: ['weights-readers', 'weights-*'], role: 'weights-reader' }],
  storageDecrypts: false,
}
