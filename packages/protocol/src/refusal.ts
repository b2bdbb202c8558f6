import { ErrorLine } from './error-line.ts';
import type { RequestFields } from './request.ts';

/** Ways to end the parsing of a line with an error. All of them return false: the line is not good. */

/** The connection survives. A client that said noreply does not read replies, errors among them. */
export function refuse(fields: RequestFields, line: string): false {
  fields.errorLine = fields.noreply ? ErrorLine.silent : line;
  fields.errorSkipBytes = 0;
  fields.errorFatal = false;
  return false;
}

/** Nothing tells what follows the line from commands: the connection must be closed. */
export function refuseFatally(fields: RequestFields, line: string): false {
  refuse(fields, line);
  fields.errorFatal = true;
  return false;
}

/** The command announced a data block: it is skipped, unless it is too long to be worth that. */
export function refuseWithBody(fields: RequestFields, bodyBytes: number, line: string): false {
  refuse(fields, line);
  if (bodyBytes <= fields.limits.swallowBytes) {
    fields.errorSkipBytes = bodyBytes + 2;
  } else {
    fields.errorFatal = true;
  }
  return false;
}
