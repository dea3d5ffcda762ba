/** Difference of the encrypted sizes of SSH_MSG_SERVICE_ACCEPT and SSH_MSG_USERAUTH_SUCCESS. */
const successDifference = 16;
/** A first answer that is so much longer is a banner before the log-in. */
const bannerDifference = 256;

/**
 * Guesses from the sizes of encrypted segments whether a log-in succeeded (zeek/zeek src/analyzer/protocol/ssh/SSH.cc): the first answer of the server
 * accepts the service, answers of one size again and again are refusals, and one that is 16 bytes shorter than the first is the success.
 */
export class AuthenticationGuess {
  #acceptSize = 0;
  #failureSize = 0;
  #hasClientData = false;
  #hasSkippedBanner = false;
  #isDecided = false;
  /** Null: no attempt was told apart. */
  isSuccess: boolean | null = null;
  attempts = 0;

  encrypted(isOrig: boolean, length: number): void {
    if (this.#isDecided) return;
    if (isOrig) {
      this.#hasClientData = true;
      return;
    }
    if (!this.#hasClientData) return;
    if (this.#acceptSize === 0) this.#acceptSize = length;
    else if (length + successDifference === this.#acceptSize) this.#attempt(true);
    else if (this.#failureSize === 0) this.#firstFailure(length);
    else if (length === this.#failureSize) this.#attempt(false);
  }

  #firstFailure(length: number): void {
    if (!this.#hasSkippedBanner && length - this.#acceptSize > bannerDifference) this.#hasSkippedBanner = true;
    else this.#failureSize = length;
  }

  #attempt(isSuccess: boolean): void {
    this.attempts++;
    this.isSuccess = isSuccess;
    this.#isDecided = isSuccess;
  }
}
