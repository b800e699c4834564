package com.cybernance.continuity.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TornPagesTest {
    private static final Lsn START = new Lsn(0x3000028);
    private static final String FILE = "base/5/16384.1";
    private static final long BLOCK = 131_072 + 128;
    private static final long OFFSET = 128 * 8192;

    private final TornPages torn = new TornPages(START, new Patience(System::nanoTime, Duration.ofMinutes(1)));

    @Test
    void pageThatWasJustBeingWritten_isReadAnewUntilItIsWhole() {
        byte[] good = page(START.plus(-8), 1);
        byte[] half = good.clone();
        half[5000] ^= 1;
        byte[] read = two(half);
        Deque<byte[]> later = new ArrayDeque<>(List.of(half, good));

        torn.mend(FILE, OFFSET, read, offset -> {
            assertThat(offset).isEqualTo(OFFSET + 8192);
            return Optional.of(later.removeFirst());
        });

        assertThat(read).isEqualTo(two(good));
        assertThat(later).isEmpty();
    }

    @Test
    void pageThatStaysWrong_isLeftForTheCheckToTell() {
        byte[] bad = page(START.plus(-8), 1);
        bad[5000] ^= 1;
        byte[] read = two(bad);

        torn.mend(FILE, OFFSET, read, offset -> Optional.of(bad));

        assertThat(read).isEqualTo(two(bad));
        PageCheck check = new PageCheck(START);
        check.begin(FILE);
        check.update(new byte[128 * 8192], 0, 128 * 8192);
        check.update(read, 0, read.length);
        assertThat(check.broken()).singleElement().asString().contains("block 129 carries checksum");
    }

    @Test
    void pageThatReplayWritesAgain_isNotReadAgain() {
        byte[] newer = page(START.plus(8), 1);
        newer[5000] ^= 1;

        byte[] read = two(newer);

        torn.mend(FILE, OFFSET, read, offset -> {
            throw new AssertionError("read again");
        });

        assertThat(read).isEqualTo(two(newer));
    }

    @Test
    void pageThatIsCutOffMeanwhile_isAsGoodAsNeverFilled() {
        byte[] half = page(START.plus(-8), 1);
        half[5000] ^= 1;
        byte[] read = two(half);

        torn.mend(FILE, OFFSET, read, offset -> Optional.empty());

        assertThat(read).isEqualTo(two(new byte[8192]));
    }

    private static byte[] two(byte[] second) {
        return ByteBuffer.allocate(2 * 8192)
                .put(page(START.plus(-16), 0))
                .put(second)
                .array();
    }

    private static byte[] page(Lsn written, int number) {
        byte[] page = new byte[PageChecksum.PAGE];
        ByteBuffer head = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(0, (int) (written.value() >>> 32)).putInt(4, (int) written.value());
        head.putShort(14, (short) 8192);
        head.putShort(8, (short) new PageChecksum().of(page, 0, BLOCK + number));
        return page;
    }
}
