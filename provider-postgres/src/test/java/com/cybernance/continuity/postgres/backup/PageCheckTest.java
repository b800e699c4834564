package com.cybernance.continuity.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class PageCheckTest {
    private static final Lsn START = new Lsn(0x1_0000_0000L);
    private static final Lsn STOP = new Lsn(0x1_0000_8000L);

    @Test
    void tornPage_writtenWhileTheBackupWasTaken_isLetPass() {
        PageCheck pages = checked(page(START.plus(8), true), page(STOP, true));

        assertThat(pages.wrong()).isZero();
        assertThat(pages.checked()).as("pages that replay does not write again").isZero();
    }

    @Test
    void damagedPage_thatIsOlderThanTheBackup_isNamed() {
        PageCheck pages = checked(page(START.plus(-8), false), page(START.plus(-8), true));

        assertThat(pages.checked()).isEqualTo(2);
        assertThat(pages.broken()).singleElement().asString().startsWith("base/5/16384 block 1 carries checksum");
    }

    @Test
    void damagedPage_whosePositionIsFromBehindTheBackup_isNoTornOne() {
        PageCheck pages = checked(page(STOP.plus(8), true), page(new Lsn(-8L), true), page(STOP.plus(16), true));

        assertThat(pages.wrong()).isEqualTo(1);
        assertThat(pages.broken())
                .singleElement()
                .asString()
                .contains("block 1 carries checksum")
                .contains("behind the end of the backup at " + STOP);
    }

    @Test
    void soundPage_fromBehindTheBackup_isNoDefect() {
        assertThat(checked(page(STOP.plus(8), false)).wrong()).isZero();
    }

    private static PageCheck checked(byte[]... pages) {
        PageCheck check = new PageCheck(START);
        check.begin("base/5/16384");
        int block = 0;
        for (byte[] page : pages) {
            ByteBuffer head = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
            // Where page() put anything but zero, the page is to be damaged.
            boolean wrong = head.getShort(8) != 0;
            head.putShort(8, (short) 0);
            int sum = new PageChecksum().of(page, 0, block++);
            head.putShort(8, (short) (wrong ? sum ^ 1 : sum));
            check.update(page, 0, page.length);
        }
        check.end(STOP);
        return check;
    }

    private static byte[] page(Lsn written, boolean damaged) {
        byte[] page = new byte[PageChecksum.PAGE];
        ByteBuffer head = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(0, (int) (written.value() >>> 32)).putInt(4, (int) written.value());
        head.putShort(14, (short) 8192).putShort(8, (short) (damaged ? 1 : 0));
        return page;
    }
}
