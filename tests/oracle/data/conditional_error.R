# Conditional standard errors of measurement of published answers, by base R alone: aov and lm.
# Run in the folder tests/oracle: Rscript data/conditional_error.R > data/conditional_error_r.csv
sets <- list(c("ukm", "ukm_phq9_gad7_pss10.csv", "phq9", "D", 9), c("ukm", "ukm_phq9_gad7_pss10.csv", "gad7", "A", 7),
             c("ukm", "ukm_phq9_gad7_pss10.csv", "pss10", "S", 10),
             c("mexmed", "mexmed_phq9_gad7_ess_odd.csv", "phq9", "phq", 9),
             c("mexmed", "mexmed_phq9_gad7_ess_odd.csv", "gad7", "gad", 7),
             c("bggm 1", "bggm_phq9_gad7_t1.csv", "phq9", "PHQ", 9),
             c("bggm 1", "bggm_phq9_gad7_t1.csv", "gad7", "GAD", 7))
of <- function(set) {
  items <- paste0(set[4], seq_len(as.integer(set[5])))
  m <- as.matrix(na.omit(read.csv(file.path("real", set[2]), fileEncoding = "UTF-8-BOM")[items]))
  if (set[3] == "pss10") m[, c(4, 5, 7, 8)] <- 4 - m[, c(4, 5, 7, 8)]
  n <- nrow(m); k <- ncol(m); total <- rowSums(m)
  long <- data.frame(answer = as.vector(m), person = factor(rep(1:n, k)), item = factor(rep(1:k, each = n)))
  fit <- aov(answer ~ person + item, long)
  variance <- n / (n - 1) * k / (k - 1) * tapply(residuals(fit)^2, long$person, sum)
  group <- aggregate(cbind(variance, 1) ~ total, FUN = sum)
  curve <- lm(variance ~ total + I(total^2))
  smooth <- predict(curve, data.frame(total = group$total))
  bounded <- pmin(pmax(smooth, min(variance)), max(variance))
  mean_square <- summary(fit)[[1]]["Residuals", "Mean Sq"]
  alpha <- k / (k - 1) * (1 - sum(apply(m, 2, var)) / var(total))
  data.frame(data = set[1], scale = set[3], n_all = n, alpha = alpha, overall = sqrt(k * mean_square), value = group$total,
             n = group$V2, variance = group$variance / group$V2, smooth = smooth, se = sqrt(bounded))
}
found <- do.call(rbind, lapply(sets, of))
for (name in c("alpha", "overall", "variance", "smooth", "se")) found[[name]] <- sprintf("%.15g", found[[name]])
write.csv(found, row.names = FALSE, quote = FALSE)
