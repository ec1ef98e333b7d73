migrate-sure = 退回到版本 { $version } 吗？只有更高版本才能保存的内容将会丢失；请先备份（rapport backup）。
migrate-done = 数据库现为版本 { $version }，之前是 { $before }
migrate-same = 数据库已是版本 { $version }
backup-made = { $rows } 行数据和 { $attachments } 个附件已写入 { $file }
backup-keys = 密钥不在其中。请另行妥善保存 { $file }：没有它，任何人都无法读取备份中的姓名。
backup-restored = 已恢复到 { $moment }（UTC）：{ $rows } 行数据和 { $attachments } 个附件。此后被清除的人须重新清除。
