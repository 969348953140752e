import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;

/**
 * A registry that pushes to Jiceng: sign, push, retry. Java 17, no dependencies.
 *
 * <pre>
 * export JICENG_URL=https://jiceng.example.gov.cn JICENG_SOURCE=nansha-civil-affairs JICENG_SECRET=whsec_…
 * java Registry.java push &lt; message.json                # the answer; exit 0 when it was taken
 * java Registry.java dry-run &lt; message.json             # what would become of it; nothing is kept
 * java Registry.java sign ID TIMESTAMP &lt; message.json   # a signature, to compare with the vectors
 * </pre>
 *
 * JICENG_SCHEME=v1sm3 signs with HMAC-SM3 instead of HMAC-SHA256.
 */
public final class Registry {
    private static final Set<Integer> TRY_AGAIN = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final int ATTEMPTS = 8;
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10)).build();

    public static void main(String[] arguments) throws Exception {
        byte[] body = System.in.readAllBytes();
        switch (arguments[0]) {
            case "sign" -> System.out.println(sign(arguments[1], arguments[2], body));
            // Keep the id with the message in your outbox, so that a later run repeats it and not a new one.
            case "push", "dry-run" -> System.out.println(push(
                    body,
                    arguments.length > 1 ? arguments[1] : "msg_" + UUID.randomUUID().toString().replace("-", ""),
                    arguments[0].equals("dry-run")));
            default -> throw new IllegalArgumentException("push | dry-run [ID], or sign ID TIMESTAMP");
        }
    }

    /** Standard Webhooks 1.0: a MAC over `id.timestamp.body`, the body byte for byte as it is sent. */
    static String sign(String id, String timestamp, byte[] body) throws Exception {
        String scheme = System.getenv().getOrDefault("JICENG_SCHEME", "v1");
        byte[] key = Base64.getDecoder().decode(System.getenv("JICENG_SECRET").substring("whsec_".length()));
        byte[] signed = join((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8), body);
        return scheme + "," + Base64.getEncoder().encodeToString(hmac(scheme, key, signed));
    }

    /**
     * Send until there is an answer. The id stays, so a repetition has no effect; the time is new each time, so
     * each attempt is signed anew: a signature older than 300 seconds is refused.
     */
    static String push(byte[] body, String id, boolean dryRun) throws Exception {
        URI uri = URI.create(System.getenv("JICENG_URL") + "/api/v1/webhooks/registries/"
                + System.getenv("JICENG_SOURCE") + (dryRun ? "?dry_run=true" : ""));
        for (int attempt = 1; ; attempt++) {
            String now = Long.toString(Instant.now().getEpochSecond());
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .timeout(Duration.ofSeconds(30))
                    .header("Content-Type", "application/json")
                    .header("webhook-id", id)
                    .header("webhook-timestamp", now)
                    .header("webhook-signature", sign(id, now, body))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            long pause = Math.min(1L << attempt, 300);
            try {
                HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() / 100 == 2) {
                    return answer.body();
                }
                if (!TRY_AGAIN.contains(answer.statusCode()) || attempt == ATTEMPTS) {
                    throw new IllegalStateException(answer.statusCode() + " " + answer.body());
                }
                pause = answer.headers().firstValueAsLong("Retry-After").orElse(pause);
            } catch (IOException noAnswer) { // it may have been taken; the same id makes sure
                if (attempt == ATTEMPTS) {
                    throw noAnswer;
                }
            }
            Thread.sleep(Duration.ofSeconds(pause).toMillis());
        }
    }

    /** HMAC (RFC 2104) over either hash; both have blocks of 64 bytes. */
    static byte[] hmac(String scheme, byte[] key, byte[] message) throws Exception {
        byte[] block = Arrays.copyOf(key.length > 64 ? hash(scheme, key) : key, 64);
        byte[] inner = new byte[64];
        byte[] outer = new byte[64];
        for (int i = 0; i < 64; i++) {
            inner[i] = (byte) (block[i] ^ 0x36);
            outer[i] = (byte) (block[i] ^ 0x5c);
        }
        return hash(scheme, join(outer, hash(scheme, join(inner, message))));
    }

    static byte[] hash(String scheme, byte[] message) throws Exception {
        return scheme.equals("v1sm3") ? sm3(message) : MessageDigest.getInstance("SHA-256").digest(message);
    }

    /** SM3 (GB/T 32905-2016), which the JDK does not have. */
    static byte[] sm3(byte[] message) {
        int[] v = {
            0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e
        };
        int length = (message.length + 9 + 63) / 64 * 64;
        ByteBuffer padded = ByteBuffer.allocate(length).put(message).put((byte) 0x80);
        padded.putLong(length - 8, message.length * 8L).rewind();
        int[] w = new int[68];
        while (padded.hasRemaining()) {
            for (int j = 0; j < 16; j++) {
                w[j] = padded.getInt();
            }
            for (int j = 16; j < 68; j++) {
                int x = w[j - 16] ^ w[j - 9] ^ Integer.rotateLeft(w[j - 3], 15);
                w[j] = x ^ Integer.rotateLeft(x, 15) ^ Integer.rotateLeft(x, 23)
                        ^ Integer.rotateLeft(w[j - 13], 7) ^ w[j - 6];
            }
            int a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];
            for (int j = 0; j < 64; j++) {
                int t = Integer.rotateLeft(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32);
                int ss1 = Integer.rotateLeft(Integer.rotateLeft(a, 12) + e + t, 7);
                int ss2 = ss1 ^ Integer.rotateLeft(a, 12);
                int tt1 = (j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c)) + d + ss2 + (w[j] ^ w[j + 4]);
                int tt2 = (j < 16 ? e ^ f ^ g : (e & f) | (~e & g)) + h + ss1 + w[j];
                d = c;
                c = Integer.rotateLeft(b, 9);
                b = a;
                a = tt1;
                h = g;
                g = Integer.rotateLeft(f, 19);
                f = e;
                e = tt2 ^ Integer.rotateLeft(tt2, 9) ^ Integer.rotateLeft(tt2, 17);
            }
            int[] next = {a, b, c, d, e, f, g, h};
            for (int i = 0; i < 8; i++) {
                v[i] ^= next[i];
            }
        }
        ByteBuffer digest = ByteBuffer.allocate(32);
        for (int word : v) {
            digest.putInt(word);
        }
        return digest.array();
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }
}
