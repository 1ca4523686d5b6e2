/** Where an exception was thrown: no line, which moves with every release. */
export interface Place {
  file: string;
  function: string;
}

/** One exception of a chain. */
export interface Link {
  /** The class, as the program printed it; '' where it printed none. */
  type: string;
  message: string;
  /** The innermost frame of the program's own code, else the innermost of all. */
  place: Place | null;
}

export type Language = 'python' | 'node' | 'java' | 'dotnet' | 'go' | 'php' | 'ruby' | 'rust' | 'line';

/** What a program printed when it failed: an exception with its causes, as records. */
export interface Chain {
  language: Language;
  /** From the outermost to the root: each was caused by the next. Never empty. */
  links: Link[];
  /** What was being handled when it was thrown: no cause, though often the reason. */
  context: Link[];
  /** Fields that were printed with it (Node's braces), as text. */
  fields: string;
  /** The lines it stands in, first and last. */
  first: number;
  last: number;
}

export const rootOf = (chain: Pick<Chain, 'links'>): Link | undefined => chain.links.at(-1);

/** Code that is not the program's own: libraries, the runtime, generated loaders. */
const foreign =
  /site-packages|dist-packages|node_modules|\/lib\/python|\/usr\/(?:local\/)?lib\/|\/usr\/local\/go\/|\/pkg\/mod\/|\/vendor\/|\\vendor\\|\/gems\/|\/rubygems|\.cargo\/|\/rustc\/|^<|^node:|^internal\/|\/bluebird\/|^(?:java|javax|jakarta|sun|jdk|kotlin|scala|org\.(?:springframework|apache|hibernate|postgresql|junit|eclipse)|com\.(?:zaxxer|mysql|sun|fasterxml|mongodb)|io\.(?:netty|lettuce|grpc|micrometer)|reactor|System|Microsoft|Npgsql)\./;

/** The innermost own frame of those given, innermost first. */
export function ownPlace(frames: readonly Place[]): Place | null {
  return frames.find(({ file }) => file !== '' && !foreign.test(file)) ?? frames[0] ?? null;
}

/** How far down a message of several lines goes. */
export const longestMessage = 20;
