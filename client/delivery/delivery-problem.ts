import { isGrpcServiceError } from '@temporalio/client';

/** Why a report could not be handed over; each says whether sending it again later can help. */
export type DeliveryProblemCode =
  /** Thrown when Temporal can't be reached, or gives no answer in time. Later it may. */
  | 'TEMPORAL_AWAY'
  /** Thrown when Temporal takes no more for the moment. Later it will. */
  | 'OVERLOADED'
  /** Thrown when Temporal won't let us in, or has no such namespace. Somebody has to change something first. */
  | 'TEMPORAL_REFUSES'
  /** Thrown when this one report can't be taken as it is. Sending it again won't help. */
  | 'REPORT_REFUSED'
  /** Thrown to whoever waits for a verdict when the incident's run was ended by hand or failed. */
  | 'INCIDENT_ENDED';

/** Thrown by what talks to Temporal for a caller; the message is a sentence for people. */
export class DeliveryProblem extends Error {
  override readonly name = 'DeliveryProblem';
  readonly code: DeliveryProblemCode;
  /** Seconds after which another try makes sense, where it does. */
  readonly retryAfterSec: number | null;

  constructor(code: DeliveryProblemCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryAfterSec = code === 'OVERLOADED' ? 1 : code === 'TEMPORAL_AWAY' ? 5 : null;
  }
}

/** @param cause the error of the call, where there was one */
export const noAnswerInTime = (cause?: unknown): DeliveryProblem =>
  new DeliveryProblem(
    'TEMPORAL_AWAY',
    'Temporal gave no answer in time. Check that it runs, and TEMPORAL_ADDRESS.',
    cause,
  );

/** gRPC's status codes (https://grpc.io/docs/guides/status-codes/). */
const grpc = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNAUTHENTICATED: 16,
} as const;

/** Any error of a call to Temporal, as one of ours. */
export function deliveryProblem(error: unknown): DeliveryProblem {
  if (error instanceof DeliveryProblem) return error;
  const service = serviceErrorIn(error);
  const details = service?.details ?? (error instanceof Error ? error.message : String(error));
  switch (service?.code) {
    case grpc.RESOURCE_EXHAUSTED:
      return new DeliveryProblem(
        'OVERLOADED',
        `Temporal takes no more for the moment (${details}). Send it again shortly.`,
        error,
      );
    case grpc.INVALID_ARGUMENT:
      return new DeliveryProblem('REPORT_REFUSED', `Temporal does not take this report: ${details}`, error);
    case grpc.NOT_FOUND:
    case grpc.PERMISSION_DENIED:
    case grpc.UNAUTHENTICATED:
      return new DeliveryProblem(
        'TEMPORAL_REFUSES',
        `Temporal refuses: ${details}. Check TEMPORAL_NAMESPACE, TEMPORAL_API_KEY and TLS.`,
        error,
      );
    case grpc.CANCELLED:
    case grpc.DEADLINE_EXCEEDED:
      return noAnswerInTime(error);
    default:
      return new DeliveryProblem(
        'TEMPORAL_AWAY',
        `Temporal can't be reached (${details}). Check that it runs, and TEMPORAL_ADDRESS.`,
        error,
      );
  }
}

/** The SDK wraps gRPC's errors, once or twice. */
function serviceErrorIn(error: unknown): { code: number; details: string } | null {
  for (
    let depth = 0, current = error;
    depth < 4 && current instanceof Error;
    depth += 1, current = current.cause
  ) {
    if (isGrpcServiceError(current)) return current;
    if (current.name === 'NamespaceNotFoundError') return { code: grpc.NOT_FOUND, details: current.message };
  }
  return null;
}
